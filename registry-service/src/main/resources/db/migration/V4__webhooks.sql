-- Who wants to be told of what, and what is still to be told. A delivery is written in the transaction of what it tells.

create table webhook (
  id          text        primary key,
  position    bigint      generated always as identity,
  origin      text        not null check (origin in ('MLFLOW', 'NATIVE')),
  name        text        not null,
  url         text        not null,
  description text,
  events      text[]      not null check (cardinality(events) > 0),
  secret      text,
  status      text        not null check (status in ('ACTIVE', 'DISABLED')),
  created_by  text        not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null
);
create index webhook_by_event on webhook using gin (events) where status = 'ACTIVE';

create table webhook_delivery (
  id              uuid        primary key,
  position        bigint      generated always as identity,
  webhook_id      text        not null references webhook (id) on delete cascade,
  event           text        not null,
  body            text        not null,
  state           text        not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts        integer     not null default 0,
  -- When it is due; while somebody sends it, when that somebody is given up.
  due_at          timestamptz not null,
  response_status integer,
  error           text,
  created_at      timestamptz not null,
  finished_at     timestamptz
);
create index webhook_delivery_due on webhook_delivery (due_at) where state = 'pending';
create index webhook_delivery_by_webhook on webhook_delivery (webhook_id, position desc);
create index webhook_delivery_finished on webhook_delivery (finished_at) where state <> 'pending';
