"""Fills a source server, and tells what of it is not at the target: the two ends of `slipway drill import`.

    check.py fill SOURCE RUNS ONNX_FILE          check.py compare SOURCE TARGET
"""
import os
import sys
import tempfile

import mlflow
import yaml
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.entities import Metric

EXPERIMENT, MODEL, RUN_TAG = "moving", "moved", "mlflow_exim.run_info.run_id"
VERSIONS, NOW = 5, 1_700_000_000_000
STAGES = {"1": "Archived", "3": "Staging", "4": "Production", "5": "None"}


class Same(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input


def fill(source, runs, onnx):
    mlflow.set_tracking_uri(source)
    client = MlflowClient()
    mlflow.set_experiment(EXPERIMENT)
    client.create_registered_model(MODEL, tags={"team": "flowers"}, description="what moves")
    for i in range(int(runs)):
        with mlflow.start_run(run_name=f"run-{i}", tags={"fold": str(i)}) as run:
            mlflow.log_params({"c": i / 10, "solver": "lbfgs"})
            client.log_batch(run.info.run_id, metrics=[Metric("loss", 1 / (step + 1 + i), NOW + step, step) for step in range(20)])
            mlflow.log_text("a note", "notes/note.txt")
            if i < VERSIONS:
                register(client, run.info.run_id, i, onnx)
    client.delete_model_version(MODEL, "2")
    for version, stage in STAGES.items():
        client.transition_model_version_stage(MODEL, version, stage)
    client.set_registered_model_alias(MODEL, "champion", "4")


def register(client, run_id, i, onnx):
    if i % 2 == 0:
        # As MLflow 3 logs and registers it: the files are not the run's.
        mlflow.pyfunc.log_model(name="logged", python_model=Same(), registered_model_name=MODEL, pip_requirements=[])
        return
    flavor = {"onnx": {"data": "model.onnx"}, "python_function": {"loader_module": "mlflow.onnx", "data": "model.onnx"}}
    mlflow.log_artifact(onnx, "model")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "MLmodel")
        with open(path, "w") as file:
            yaml.safe_dump({"artifact_path": "model", "flavors": flavor, "run_id": run_id}, file)
        mlflow.log_artifact(path, "model")
    client.create_model_version(MODEL, f"runs:/{run_id}/model", run_id, tags={"n": str(i)}, description=f"from {i}")


def content(path):
    """A file's bytes. An MLmodel is read as what it says, save the run: the import writes the new run's id into it."""
    with open(path, "rb") as file:
        data = file.read()
    if os.path.basename(path) != "MLmodel":
        return data
    return {key: value for key, value in yaml.safe_load(data).items() if key != "run_id"}


def tree(folder):
    """What is in a folder, save what the client adds: where it has the files from."""
    paths = (os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name != "registered_model_meta")
    return {os.path.relpath(path, folder): content(path) for path in paths}


def same_files(folder, one, other):
    """Whether two downloads are alike; each is an address with the server that it is asked of."""
    trees = []
    for uri, server in (one, other):
        mlflow.set_tracking_uri(server)
        trees.append(tree(download_artifacts(uri, dst_path=tempfile.mkdtemp(dir=folder))))
    return trees[0] != {} and trees[0] == trees[1]


def compare_run(folder, source, target, before, after):
    # The tool starts its runs anew: the times are in tags of its own.
    for what in ("run_name", "status"):
        if getattr(before.info, what) != getattr(after.info, what):
            yield f"{what}: {getattr(before.info, what)} is {getattr(after.info, what)}"
    if before.data.params != after.data.params:
        yield f"params: {after.data.params}"
    if before.data.tags["fold"] != after.data.tags.get("fold"):
        yield f"tags: {after.data.tags}"
    for key in before.data.metrics:
        histories = [
            [(m.step, m.timestamp, m.value) for m in client.get_metric_history(run.info.run_id, key)]
            for client, run in ((source, before), (target, after))
        ]
        if histories[0] != histories[1]:
            yield f"history of {key}"
    if not same_files(folder, *((f"runs:/{r.info.run_id}/", c.tracking_uri) for c, r in ((source, before), (target, after)))):
        yield "artifacts"


def compare_models(folder, source, target):
    before, after = (client.get_registered_model(MODEL) for client in (source, target))
    if (before.description, before.tags) != (after.description, after.tags):
        yield f"model: {after}"
    moved = {v.tags["moved.version"]: v for v in target.search_model_versions(f"name = '{MODEL}'")}
    versions = source.search_model_versions(f"name = '{MODEL}'")
    if sorted(moved) != sorted(str(v.version) for v in versions):
        yield f"versions: {sorted(moved)}"
    for version in versions:
        copy = moved.get(str(version.version))
        if copy is None:
            continue
        if version.tags.items() - copy.tags.items() or (version.description or "") != (copy.description or ""):
            yield f"version {version.version}: {copy}"
        if copy.current_stage != version.current_stage:
            yield f"version {version.version} was in {version.current_stage}, and is in {copy.current_stage}"
        uris = [(f"models:/{MODEL}/{v.version}", c.tracking_uri) for c, v in ((source, version), (target, copy))]
        if not same_files(folder, *uris):
            yield f"files of version {version.version}"
    if target.get_model_version_by_alias(MODEL, "champion").tags["moved.version"] != "4":
        yield "alias"


def compare(source_url, target_url):
    source, target = MlflowClient(source_url, source_url), MlflowClient(target_url, target_url)
    faults, runs = [], [c.search_runs([c.get_experiment_by_name(EXPERIMENT).experiment_id]) for c in (source, target)]
    copies = {run.data.tags[RUN_TAG]: run for run in runs[1]}
    with tempfile.TemporaryDirectory() as folder:
        for run in runs[0]:
            copy = copies.get(run.info.run_id)
            faults += [f"{run.info.run_name}: {fault}" for fault in (compare_run(folder, source, target, run, copy) if copy else ["missing"])]
        faults += compare_models(folder, source, target)
    print(f"{len(runs[0])} runs, {len(source.search_model_versions(f'name = {MODEL!r}'))} versions compared, {len(faults)} faults")
    for fault in faults:
        print("  FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit({"fill": fill, "compare": compare}[sys.argv[1]](*sys.argv[2:]))
