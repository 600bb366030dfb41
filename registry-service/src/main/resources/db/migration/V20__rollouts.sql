-- A release may bring the traffic over in steps. While it does, live stays where it is: only the last step moves the pointer.
alter table release
  drop constraint release_state_check,
  add constraint release_state_check check (state in ('preparing', 'stepping', 'live', 'failed', 'undone')),
  add column strategy        jsonb,
  add column step            integer,
  add column step_started_at timestamptz,
  add column observed        jsonb,
  add column figures         jsonb,
  add constraint stepping_has_a_step check
    (state <> 'stepping' or (strategy is not null and step is not null and step_started_at is not null));

drop index one_release_in_flight;
create unique index one_release_in_flight on release (model_id) where state in ('preparing', 'stepping');
