-- The newest version in each stage of a model, in one step each: also of a model with thousands of versions.
create index model_version_by_stage on model_version (model_id, stage, number desc);
