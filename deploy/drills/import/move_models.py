"""Moves registered models with their versions from one MLflow server to another, after mlflow-export-import has moved the runs.

    MLFLOW_TRACKING_URI=SOURCE export-experiment --experiment NAME --output-dir FOLDER
    MLFLOW_TRACKING_URI=TARGET import-experiment --experiment-name NAME --input-dir FOLDER --import-source-tags True
    move_models.py --source URL --target URL [--model NAME ...]

That tool (1.2.0) moves experiments and runs. Its import-model refuses every server that keeps the artifacts itself, and a version that
was logged with MLflow 3; this takes its place. A version keeps its description, tags and aliases, its files, and its run where that
was moved. Deleted versions leave no gap: the tag moved.version keeps the old number. A version that was in Production goes to Staging
and from there to Production; where that needs an approval, the request is opened and printed. Run again, it moves what came since;
what the target has done with a moved version meanwhile stays as it is.
"""
import argparse
import os
import re
import sys
import tempfile

import mlflow
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

RUN_TAG = "mlflow_exim.run_info.run_id"
VERSION_TAG = "moved.version"
# From where a moved version is, to where it was: by the moves that a reviewed registry knows.
WAYS = {
    ("None", "Staging"): ["Staging"],
    ("None", "Production"): ["Staging", "Production"],
    ("Staging", "Production"): ["Production"],
    ("None", "Archived"): ["Archived"],
}


def every(search, **arguments):
    """All pages of a search."""
    token = None
    while True:
        page = search(page_token=token, **arguments)
        yield from page
        token = page.token
        if not token:
            return


def moved_run(target, run_id):
    """The run at the target that was made from this one; None where it was not moved."""
    experiments = [e.experiment_id for e in every(target.search_experiments)]
    found = target.search_runs(experiments, f"tags.`{RUN_TAG}` = '{run_id}'", max_results=1) if run_id else []
    return found[0].info.run_id if found else None


def files(source_url, target_url, version, run_id):
    """Where the target has the version's files; they are sent when they did not come with the run."""
    below_run = re.fullmatch(r"(?:runs:/|.*/)" + re.escape(version.run_id or "-") + r"/(?:artifacts/)?(.+)", version.source)
    if run_id and below_run:
        return f"runs:/{run_id}/{below_run[1]}"
    place = f"mlflow-artifacts:/moved/{version.name}/{version.version}"
    with tempfile.TemporaryDirectory() as folder:
        uri = f"models:/{version.name}/{version.version}"
        # models:/ is looked up at the server that is set, whatever the arguments say.
        mlflow.set_tracking_uri(source_url)
        local = download_artifacts(uri, dst_path=folder)
        mlflow.set_tracking_uri(target_url)
        # The client's own note of where it has the files from: no part of the model.
        note = os.path.join(local, "registered_model_meta")
        if os.path.exists(note):
            os.remove(note)
        get_artifact_repository(place, tracking_uri=target_url).log_artifacts(local)
    return place


def move_version(source_url, target_url, target, version):
    run_id = moved_run(target, version.run_id)
    created = target.create_model_version(
        version.name,
        files(source_url, target_url, version, run_id),
        run_id,
        tags={**version.tags, VERSION_TAG: str(version.version)},
        description=version.description,
        await_creation_for=0,
    )
    print(f"{version.name} {version.version} -> {created.version}", flush=True)
    return created


def restage(target, version, stage):
    """Takes a version to the stage that it had; what the registry answers to a move that it does not make is printed."""
    try:
        for to in WAYS.get((version.current_stage, stage), []):
            target.transition_model_version_stage(version.name, version.version, to)
    except MlflowException as refused:
        print(f"  version {version.version} to {to}: {refused.message}", flush=True)


def move(source_url, target_url, name):
    source, target = MlflowClient(source_url, source_url), MlflowClient(target_url, target_url)
    model = source.get_registered_model(name)
    try:
        target.create_registered_model(name, dict(model.tags), model.description)
    except MlflowException as refused:
        if refused.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    of_model = f"name = '{name}'"
    moved = {v.tags[VERSION_TAG]: v for v in every(target.search_model_versions, filter_string=of_model) if VERSION_TAG in v.tags}
    for version in sorted(every(source.search_model_versions, filter_string=of_model), key=lambda v: int(v.version)):
        number = str(version.version)
        if number not in moved:
            moved[number] = move_version(source_url, target_url, target, version)
        restage(target, moved[number], version.current_stage)
    theirs = target.get_registered_model(name).aliases
    for alias, number in model.aliases.items():
        if alias not in theirs:
            target.set_registered_model_alias(name, alias, moved[str(number)].version)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--model", action="append", help="repeatable; all models without it")
    options = parser.parse_args()
    mlflow.set_tracking_uri(options.target)
    for name in options.model or [m.name for m in every(MlflowClient(options.source, options.source).search_registered_models)]:
        move(options.source, options.target, name)


if __name__ == "__main__":
    sys.exit(main())
