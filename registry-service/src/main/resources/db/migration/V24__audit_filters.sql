-- The audit page shows the newest first, of one actor, one kind of deed, or one object and what belongs to it.
create index audit_entry_by_actor on audit_entry (actor, sequence desc);
create index audit_entry_by_action on audit_entry (action text_pattern_ops, sequence desc);
create index audit_entry_by_object_path on audit_entry (object text_pattern_ops, sequence desc);
