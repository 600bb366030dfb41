-- Who moved a version, who approved that and who bypassed the policy stands in the model's history for ever: a request outlives its
-- version, by number, as a release does.
alter table transition_request add column version_number integer;
update transition_request r set version_number = v.number from model_version v where v.id = r.version_id;
alter table transition_request
  alter column version_number set not null,
  alter column version_id drop not null,
  drop constraint transition_request_version_id_fkey,
  add constraint transition_request_version_id_fkey
    foreign key (version_id) references model_version (id) on delete set null;
