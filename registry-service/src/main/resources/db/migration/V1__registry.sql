-- Models, versions, artifacts, review, release, audit. Names are the field's; rules that SQL can say are said here.
-- Times are UTC and come from the service's clock; order comes from sequences, never from times.

create table registered_model (
  id              bigint generated always as identity primary key,
  name            text        not null unique check (char_length(name) between 1 and 256),
  description     text,
  created_by      text        not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  next_version    integer     not null default 1,
  live_version_id bigint,
  -- 'Production' under a reviewed policy, so that the foreign key below ties pointer and stage together; null under an open
  -- one, where a stage is a label that moves on its own.
  live_stage      text,
  row_version     bigint      not null default 0,
  check (live_stage is null or (live_stage = 'Production' and live_version_id is not null))
);

create table model_version (
  id              bigint generated always as identity primary key,
  model_id        bigint      not null references registered_model (id),
  number          integer     not null check (number > 0),
  stage           text        not null default 'None' check (stage in ('None', 'Staging', 'Production', 'Archived')),
  status          text        not null check (status in ('PENDING_REGISTRATION', 'READY', 'FAILED_REGISTRATION')),
  status_message  text,
  servable        text        not null default 'unknown' check (servable in ('unknown', 'yes', 'no')),
  servable_reason text,
  -- SHA-256 of the canonical manifest; null until complete, and for a source that could not be resolved.
  digest          text check (digest ~ '^sha256:[0-9a-f]{64}$'),
  total_size      bigint,
  format          text,
  signature       jsonb,
  inspection      jsonb,
  description     text,
  source          text,
  run_id          text,
  run_link        text,
  created_by      text        not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  -- Set once by the first switch to this version: "was live".
  first_live_at   timestamptz,
  row_version     bigint      not null default 0,
  unique (model_id, number),
  unique (id, stage),
  unique (id, model_id)
);
create index model_version_by_run on model_version (run_id) where run_id is not null;
create index model_version_by_digest on model_version (digest) where digest is not null;

-- One live version a model, of that model, and never outside Production while it is live. Deferred, so that a switch may move
-- pointer and stages in either order.
alter table registered_model
  add constraint live_version_is_ours foreign key (live_version_id, id)
    references model_version (id, model_id) deferrable initially deferred,
  add constraint live_version_is_in_its_stage foreign key (live_version_id, live_stage)
    references model_version (id, stage) deferrable initially deferred;

create table model_tag (
  model_id bigint not null references registered_model (id) on delete cascade,
  key      text   not null,
  value    text   not null,
  primary key (model_id, key)
);
-- Values may be longer than an index row.
create index model_tag_by_key on model_tag (key);

create table version_tag (
  version_id bigint not null references model_version (id) on delete cascade,
  key        text   not null,
  value      text   not null,
  primary key (version_id, key)
);
create index version_tag_by_key on version_tag (key);

create table model_alias (
  model_id bigint  not null references registered_model (id) on delete cascade,
  alias    text    not null,
  version_id bigint not null,
  primary key (model_id, alias),
  foreign key (version_id, model_id) references model_version (id, model_id)
);

-- Bytes, stored once. The row goes first (refused while referenced), the object 24 h later.
create table blob (
  digest     text        primary key check (digest ~ '^sha256:[0-9a-f]{64}$'),
  object_key text        not null unique,
  size       bigint      not null check (size >= 0),
  created_at timestamptz not null
);

-- There before the first byte, so that an orphan object has a name to be collected by.
create table upload (
  id         uuid        primary key,
  object_key text        not null unique,
  started_at timestamptz not null,
  heartbeat  timestamptz not null
);

-- Objects whose row is gone, or never came: deleted from the store once due.
create table blob_garbage (
  object_key text        primary key,
  due_at     timestamptz not null
);

-- A folder of files: of a version, and later of a run, a logged model or a path of the artifact proxy.
create table artifact (
  owner_kind text        not null check (owner_kind in ('version', 'tree')),
  owner_id   bigint      not null,
  path       text collate "C" not null,
  digest     text        not null references blob (digest),
  size       bigint      not null,
  created_at timestamptz not null,
  primary key (owner_kind, owner_id, path)
);
create index artifact_by_digest on artifact (digest);

-- Versioned: the highest number is in force.
create table policy (
  id         bigint generated always as identity primary key,
  scope      text        not null check (scope in ('server', 'model')),
  model_id   bigint references registered_model (id) on delete cascade,
  number     integer     not null,
  body       jsonb       not null,
  created_by text        not null,
  created_at timestamptz not null,
  check ((scope = 'model') = (model_id is not null))
);
create unique index policy_server_number on policy (number) where scope = 'server';
create unique index policy_model_number on policy (model_id, number) where scope = 'model';

create table serving_settings (
  id         bigint generated always as identity primary key,
  model_id   bigint      not null references registered_model (id) on delete cascade,
  number     integer     not null,
  body       jsonb       not null,
  created_by text        not null,
  created_at timestamptz not null,
  unique (model_id, number)
);

create table transition_request (
  id             bigint generated always as identity primary key,
  model_id       bigint      not null references registered_model (id),
  version_id     bigint      not null references model_version (id),
  from_stage     text        not null,
  to_stage       text        not null,
  state          text        not null check (state in
                   ('open', 'approved', 'rejected', 'withdrawn', 'expired', 'superseded', 'applied', 'failed')),
  state_reason   text,
  requester      text        not null,
  comment        text,
  archive_existing boolean   not null default true,
  -- What an approval binds, as it stood when the request was made or last refreshed.
  digest         text,
  policy_id      bigint      not null references policy (id),
  live_digest    text,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  row_version    bigint      not null default 0
);
create unique index one_open_request_a_move on transition_request (version_id, to_stage) where state in ('open', 'approved');
create index transition_request_by_model on transition_request (model_id, id desc);
create index transition_request_by_state on transition_request (state, id desc);

create table approval (
  id          bigint generated always as identity primary key,
  request_id  bigint      not null references transition_request (id),
  approver    text        not null,
  verdict     text        not null check (verdict in ('approve', 'reject')),
  comment     text,
  digest      text,
  policy_id   bigint      not null references policy (id),
  live_digest text,
  checks      jsonb       not null default '[]',
  created_at  timestamptz not null,
  void_at     timestamptz,
  void_reason text
);
create unique index one_valid_approval_a_person on approval (request_id, approver) where void_at is null;

create table request_comment (
  id         bigint generated always as identity primary key,
  request_id bigint      not null references transition_request (id),
  author     text        not null,
  body       text        not null,
  created_at timestamptz not null
);

create table job (
  id           bigint generated always as identity primary key,
  kind         text        not null,
  version_id   bigint      not null references model_version (id) on delete cascade,
  parameters   jsonb       not null default '{}',
  state        text        not null check (state in ('queued', 'claimed', 'done', 'failed')),
  claimed_by   text,
  lease_until  timestamptz,
  attempts     integer     not null default 0,
  result       jsonb,
  created_at   timestamptz not null,
  finished_at  timestamptz
);
create index job_waiting on job (id) where state in ('queued', 'claimed');

-- What moved the live pointer, or tried to. The identity is the release sequence.
create table release (
  id              bigint generated always as identity primary key,
  model_id        bigint      not null references registered_model (id),
  kind            text        not null check (kind in ('promotion', 'rollback', 'retire')),
  from_version_id bigint references model_version (id),
  to_version_id   bigint references model_version (id),
  request_id      bigint references transition_request (id),
  state           text        not null check (state in ('preparing', 'live', 'failed')),
  reason          text,
  actor           text        not null,
  started_at      timestamptz not null,
  deadline        timestamptz,
  switched_at     timestamptz,
  feed_revision   bigint,
  replicas        jsonb       not null default '[]'
);
create unique index one_release_in_flight on release (model_id) where state = 'preparing';
create index release_by_model on release (model_id, id desc);

-- One row: the revision is updated in the transaction of what it announces, so commit order is revision order.
create table feed (
  only_row boolean primary key default true check (only_row),
  epoch    uuid    not null default gen_random_uuid(),
  revision bigint  not null default 0
);
insert into feed default values;

create table replica (
  name       text        primary key,
  url        text,
  epoch      text        not null,
  revision   bigint      not null,
  selector   jsonb,
  started_at timestamptz not null,
  heard_at   timestamptz not null,
  report     jsonb       not null
);

create table principal (
  name       text        primary key,
  roles      text[]      not null,
  created_at timestamptz not null,
  created_by text        not null
);

create table audit_entry (
  sequence   bigint generated always as identity primary key,
  at         timestamptz not null,
  actor      text        not null,
  action     text        not null,
  object     text        not null,
  digest     text,
  before     jsonb,
  after      jsonb,
  request_id text
);
create index audit_entry_by_object on audit_entry (object, sequence);

create table idempotency_key (
  principal    text        not null,
  route        text        not null,
  key          text        not null,
  body_hash    text        not null,
  status       integer,
  location     text,
  body         text,
  created_at   timestamptz not null,
  primary key (principal, route, key)
);
