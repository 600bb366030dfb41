-- Where a version comes from, as it stood when the version was registered: later changes to the run change nothing here.

create table version_lineage (
  version_id       bigint      primary key references model_version (id) on delete cascade,
  run_id           text,
  logged_model_id  text,
  -- What a download reads: the source, or what it stands for.
  storage_location text,
  -- Experiment, source code, parameters, metrics, datasets: see the feature's Lineage record.
  origin           jsonb,
  mlmodel          jsonb,
  recorded_at      timestamptz not null
);
create index version_lineage_by_logged_model on version_lineage (logged_model_id) where logged_model_id is not null;
