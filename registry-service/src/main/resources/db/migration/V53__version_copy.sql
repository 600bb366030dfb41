-- Files of a version that are on their way from somebody else's bucket: seen by nobody until all of them are there.
alter table artifact drop constraint artifact_owner_kind_check;
alter table artifact add constraint artifact_owner_kind_check check (owner_kind in ('version', 'tree', 'copy'));

-- The newest attempt to copy a version's files into the registry.
create table version_copy (
  version_id  bigint      primary key references model_version (id) on delete cascade,
  attempt     uuid        not null,
  state       text        not null check (state in ('running', 'done', 'failed')),
  actor       text        not null,
  error       text,
  files       integer     not null default 0,
  bytes       bigint      not null default 0,
  files_done  integer     not null default 0,
  bytes_done  bigint      not null default 0,
  started_at  timestamptz not null,
  heartbeat   timestamptz not null,
  ended_at    timestamptz
);
create index version_copy_running on version_copy (heartbeat) where state = 'running';
