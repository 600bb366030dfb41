-- Checks that Slipway makes itself stand beside those of external systems. A stale one shows what was found before, until it has run again.
alter table request_check drop constraint request_check_verdict_check;
alter table request_check
  add column source    text not null default 'external' check (source in ('external', 'slipway')),
  add column looked_at timestamptz,
  add constraint request_check_verdict_check
    check (verdict in ('green', 'red') or (source = 'slipway' and verdict in ('pending', 'stale', 'warning')));
create index request_check_outstanding on request_check (request_id)
  where source = 'slipway' and verdict in ('pending', 'stale');
-- A job for a check of a request, beside the inspections of versions.
alter table job add column request_id bigint references transition_request (id) on delete cascade;
create index job_of_request on job (request_id, kind, id) where request_id is not null;
