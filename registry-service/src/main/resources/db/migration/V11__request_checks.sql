-- What external systems found about a request: the last report under each name. An approval binds the verdicts.
create table request_check (
  request_id bigint      not null references transition_request (id) on delete cascade,
  name       text        not null,
  verdict    text        not null check (verdict in ('green', 'red')),
  url        text,
  summary    text,
  data       jsonb,
  reporter   text        not null,
  at         timestamptz not null,
  primary key (request_id, name)
);
-- The verdicts as they stood when the request was last refreshed, beside what else an approval binds.
alter table transition_request add column checks jsonb not null default '[]';
