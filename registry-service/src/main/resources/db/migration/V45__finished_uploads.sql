-- Which file a multipart upload became: a client whose answer was lost on the way asks again, when the store has forgotten the
-- upload, and its object too where the same bytes were here already.
create table finished_upload (
  id          uuid        primary key,
  path        text        not null,
  finished_at timestamptz not null
);
create index finished_upload_by_time on finished_upload (finished_at);
