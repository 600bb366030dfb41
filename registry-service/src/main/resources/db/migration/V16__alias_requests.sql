-- A protected alias moves by request too. Such a request names the alias; its version stays in the stage that it is in.
alter table transition_request add column alias text;
drop index one_open_request_a_move;
create unique index one_open_request_a_move on transition_request (version_id, to_stage, coalesce(alias, ''))
  where state in ('open', 'approved');
