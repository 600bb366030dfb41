-- Who calls which version, by replica: what a replica counts only grows until it starts again, so its last count tells the growth.
create table version_caller (
  model_id   bigint      not null references registered_model (id) on delete cascade,
  version    integer     not null,
  caller     text        not null,
  replica    text        not null,
  started_at timestamptz not null,
  requests   bigint      not null,
  named      bigint      not null,
  seen       bigint      not null,
  seen_named bigint      not null,
  last_at    timestamptz not null,
  primary key (model_id, version, caller, replica)
);
create index version_caller_by_last_at on version_caller (last_at);
