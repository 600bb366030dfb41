-- The standby: what ReleaseSequence.previous() answered in the transaction of the last switch, so that the feed of many models
-- is built without reading their histories.
alter table registered_model
  add column previous_version_id bigint,
  add constraint previous_version_is_ours foreign key (previous_version_id, id)
    references model_version (id, model_id) deferrable initially deferred,
  add constraint standby_needs_a_live_version check (previous_version_id is null or live_version_id is not null);

-- A release outlives its versions: the numbers stay when a version that nobody needs any more is deleted.
alter table release
  add column from_number integer,
  add column to_number integer,
  drop constraint release_from_version_id_fkey,
  drop constraint release_to_version_id_fkey,
  drop constraint release_request_id_fkey,
  add constraint release_from_version_id_fkey
    foreign key (from_version_id) references model_version (id) on delete set null,
  add constraint release_to_version_id_fkey
    foreign key (to_version_id) references model_version (id) on delete set null,
  add constraint release_request_id_fkey
    foreign key (request_id) references transition_request (id) on delete set null;

create index release_by_request on release (request_id) where request_id is not null;
create index release_by_from_version on release (from_version_id);
create index release_by_to_version on release (to_version_id);
create index transition_request_by_version on transition_request (version_id);
create index approval_by_request on approval (request_id, id);
create index request_comment_by_request on request_comment (request_id, id);
create index replica_by_heard_at on replica (heard_at);
