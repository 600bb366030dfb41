-- A check that has nothing to go by says neither yes nor no: it is not made.
alter table request_check drop constraint request_check_verdict_check;
alter table request_check
  add constraint request_check_verdict_check
    check (verdict in ('green', 'red') or (source = 'slipway' and verdict in ('pending', 'stale', 'warning', 'skipped')));
