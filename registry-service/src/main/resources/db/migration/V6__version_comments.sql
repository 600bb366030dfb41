-- Comments on a version, as hosted MLflow registries have them. One made while a request waits stands in its discussion as well.
alter table request_comment
  alter column request_id drop not null,
  add column version_id bigint references model_version (id) on delete cascade,
  add column updated_at timestamptz,
  add constraint a_comment_is_on_something check (request_id is not null or version_id is not null);
create index request_comment_by_version on request_comment (version_id) where version_id is not null;
