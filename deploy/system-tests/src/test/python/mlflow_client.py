"""What a data scientist's scripts do with MLflow's own client, against the server that MLFLOW_TRACKING_URI names.

    mlflow_client.py STEP FOLDER [ARGUMENT ...]

Each step prints, as its last line, a JSON object for the test that called it. A promise that is broken ends it with a traceback.
"""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import mlflow
import mlflow.data
import numpy as np
import onnx
import onnxruntime
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

ROWS = np.array([[6.0, 2.7, 5.1, 1.6], [5.1, 3.5, 1.4, 0.2], [6.7, 3.1, 5.6, 2.4]], dtype=np.float32)


def refused(code, call, *args, **kwargs):
    """The error of a call that must be refused with this code."""
    try:
        call(*args, **kwargs)
    except MlflowException as error:
        assert error.error_code == code, (error.error_code, str(error))
        return str(error)
    raise AssertionError(f"{call} was not refused with {code}")


def by_onnxruntime(file, rows=ROWS):
    """Labels and scores that the framework itself gives."""
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    return {
        output.name: value
        for output, value in zip(session.get_outputs(), session.run(None, {session.get_inputs()[0].name: rows}))
    }


def log_iris(file, **kwargs):
    labels = by_onnxruntime(file)["label"]
    return mlflow.onnx.log_model(
        onnx.load(file), name="model", signature=infer_signature(ROWS, labels), **kwargs
    )


def tracking(folder):
    client = MlflowClient()
    experiment = mlflow.set_experiment("iris").experiment_id
    frame = pd.DataFrame(ROWS, columns=["sl", "sw", "pl", "pw"])
    with mlflow.start_run(run_name="first", tags={"team": "flowers"}) as run:
        mlflow.log_params({"c": 0.5, "solver": "lbfgs"})
        for step in range(5):
            mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
        mlflow.log_metrics({"acc": 0.9, "nan": float("nan"), "inf": float("inf")})
        mlflow.log_input(mlflow.data.from_pandas(frame, name="iris-rows"), context="training")
        mlflow.log_text("a note", "notes/note.txt")
        mlflow.log_dict({"a": [1, 2]}, "config.json")
    found = client.get_run(run.info.run_id)
    assert found.info.status == "FINISHED" and found.info.run_name == "first"
    assert found.data.params == {"c": "0.5", "solver": "lbfgs"}, found.data.params
    assert found.data.tags["team"] == "flowers"
    assert found.data.metrics["acc"] == 0.9 and np.isnan(found.data.metrics["nan"])
    assert found.data.metrics["inf"] >= sys.float_info.max, found.data.metrics
    history = client.get_metric_history(run.info.run_id, "loss")
    assert [m.step for m in history] == [0, 1, 2, 3, 4] and history[4].value == 0.2
    dataset = found.inputs.dataset_inputs[0]
    assert dataset.dataset.name == "iris-rows" and dataset.tags[0].value == "training"
    refused("INVALID_PARAMETER_VALUE", client.log_param, run.info.run_id, "c", "another")
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/note.txt") == "a note"
    assert {f.path for f in client.list_artifacts(run.info.run_id)} == {"notes", "config.json"}

    for i in range(1, 8):
        with mlflow.start_run(run_name=f"run-{i}"):
            mlflow.log_metric("acc", i / 10)
            mlflow.log_param("fold", i % 2)
    better = "metrics.acc > 0.25 and params.fold = '1' and attributes.status = 'FINISHED'"
    names = [r.info.run_name for r in client.search_runs([experiment], better, order_by=["metrics.acc DESC"])]
    assert names == ["run-7", "run-5", "run-3"], names
    seen, token = [], None
    while True:
        page = client.search_runs([experiment], max_results=3, order_by=["attributes.start_time ASC"], page_token=token)
        seen += [r.info.run_name for r in page]
        token = page.token
        if not token:
            break
    assert seen == ["first"] + [f"run-{i}" for i in range(1, 8)], seen
    assert len(client.search_runs([experiment], "datasets.name = 'iris-rows'")) == 1
    client.delete_run(run.info.run_id)
    assert len(client.search_runs([experiment])) == 7
    client.restore_run(run.info.run_id)
    return {"runs": len(mlflow.search_runs([experiment]))}


def artifacts(folder):
    """A file in several parts, each sent to the object store itself; then the CLI's way."""
    os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = str(6 << 20)
    os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = str(5 << 20)
    os.environ["MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE"] = str(6 << 20)
    os.environ["MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE"] = str(5 << 20)
    mlflow.set_experiment("large files")
    large = pathlib.Path(folder, "large.bin")
    large.write_bytes(np.random.default_rng(7).bytes(12 << 20))
    puts = []
    upload = HttpArtifactRepository._upload_part

    def watched(credential, **kwargs):
        puts.append(credential.url)
        return upload(credential, **kwargs)

    HttpArtifactRepository._upload_part = staticmethod(watched)
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(large), "data")
    assert len(puts) == 3, puts
    assert not any(url.startswith(os.environ["MLFLOW_TRACKING_URI"]) for url in puts), puts
    back = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/data/large.bin", dst_path=folder + "/back")
    assert hashlib.sha256(pathlib.Path(back).read_bytes()).digest() == hashlib.sha256(large.read_bytes()).digest()

    small = pathlib.Path(folder, "small.txt")
    small.write_text("by the command line")
    cli("artifacts", "log-artifact", "--local-file", str(small), "--run-id", run.info.run_id)
    listed = json.loads(cli("artifacts", "list", "--run-id", run.info.run_id))
    assert {f["path"] for f in listed} == {"data", "small.txt"}, listed
    target = folder + "/cli"
    os.makedirs(target)
    cli("artifacts", "download", "--run-id", run.info.run_id, "--artifact-path", "small.txt", "--dst-path", target)
    assert pathlib.Path(target, "small.txt").read_text() == "by the command line"
    return {"parts": len(puts)}


def registry(folder, onnx_file):
    client = MlflowClient()
    mlflow.set_experiment("registry")
    for _ in range(2):
        with mlflow.start_run() as run:
            info = log_iris(onnx_file, registered_model_name="iris", input_example=ROWS)
    version = client.get_model_version("iris", "2")
    assert version.run_id == run.info.run_id and version.status == "READY", version
    assert client.get_logged_model(info.model_id).status == "READY"
    assert {v.version for v in client.search_model_versions("name = 'iris'", order_by=["version_number ASC"])} == {"1", "2"}
    client.update_registered_model("iris", description="flowers")
    client.set_registered_model_tag("iris", "team", "botany")
    client.set_model_version_tag("iris", "2", "checked", "yes")
    assert [m.name for m in client.search_registered_models("tags.team = 'botany' and name LIKE 'ir%'")] == ["iris"]
    client.set_registered_model_alias("iris", "champion", "2")
    assert client.get_model_version_by_alias("iris", "champion").version == "2"
    assert client.get_registered_model("iris").aliases == {"champion": "2"}
    refused("INVALID_PARAMETER_VALUE", client.get_model_version_by_alias, "iris", "nobody")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, "iris", "77")
    refused("RESOURCE_ALREADY_EXISTS", client.create_registered_model, "iris")

    expected = by_onnxruntime(onnx_file)["label"]
    for uri in ("models:/iris/2", "models:/iris@champion", info.model_uri, f"runs:/{run.info.run_id}/model"):
        answer = mlflow.pyfunc.load_model(uri).predict(ROWS)
        assert list(answer["label"]) == list(expected), (uri, answer)
    loaded = mlflow.onnx.load_model("models:/iris@champion")
    again = pathlib.Path(folder, "again.onnx")
    onnx.save(loaded, str(again))
    for name, value in by_onnxruntime(again).items():
        np.testing.assert_array_equal(value, by_onnxruntime(onnx_file)[name])

    rows = pathlib.Path(folder, "rows.json")
    rows.write_text(json.dumps({"inputs": ROWS.tolist()}))
    said = pathlib.Path(folder, "said.json")
    cli("models", "predict", "-m", "models:/iris/1", "-i", str(rows), "-o", str(said), "-t", "json", "--env-manager", "local")
    assert json.loads(said.read_text())["predictions"]["label"] == expected.tolist(), said.read_text()

    client.rename_registered_model("iris", "iris-renamed")
    assert client.get_model_version_by_alias("iris-renamed", "champion").version == "2"
    client.delete_model_version("iris-renamed", "1")
    client.delete_registered_model("iris-renamed")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_registered_model, "iris-renamed")
    return {}


def promote(folder, onnx_file, name):
    """Asks for Production as a script of old does; answers what it was told, and what the model must say."""
    client = MlflowClient()
    mlflow.set_experiment("promotion")
    with mlflow.start_run():
        mlflow.log_metric("acc", 0.97)
        log_iris(onnx_file, registered_model_name=name)
    assert client.transition_model_version_stage(name, "1", "staging").current_stage == "Staging"
    told = refused("PERMISSION_DENIED", client.transition_model_version_stage, name, "1", "Production")
    assert told == refused("PERMISSION_DENIED", client.transition_model_version_stage, name, "1", "Production")
    return {
        "told": told,
        "rows": ROWS.tolist(),
        "answers": {output: value.tolist() for output, value in by_onnxruntime(onnx_file).items()},
    }


def promoted(folder, name):
    client = MlflowClient()
    version = client.transition_model_version_stage(name, "1", "Production")
    assert version.current_stage == "Production", version
    assert [v.version for v in client.get_latest_versions(name, ["Production"])] == ["1"]
    refused("RESOURCE_CONFLICT", client.transition_model_version_stage, name, "1", "Staging")
    return {}


def project(folder):
    home = pathlib.Path(folder, "project")
    home.mkdir()
    (home / "MLproject").write_text(
        "name: sums\nentry_points:\n  main:\n    parameters:\n      n: {type: float, default: 2}\n"
        "    command: \"python main.py {n}\"\n"
    )
    (home / "main.py").write_text("import mlflow, sys\nmlflow.log_metric('sum', float(sys.argv[1]) + 1)\n")
    cli("run", str(home), "--env-manager", "local", "-P", "n=41", "--experiment-name", "projects")
    runs = mlflow.search_runs(experiment_names=["projects"], output_format="list")
    assert len(runs) == 1 and runs[0].data.metrics == {"sum": 42.0}, runs
    assert runs[0].data.params == {"n": "41"} and runs[0].info.status == "FINISHED", runs
    assert runs[0].data.tags["mlflow.project.entryPoint"] == "main"
    return {}


def webhooks(folder):
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = MlflowClient()
    hook = client.create_webhook(
        "listener", f"http://127.0.0.1:{server.server_port}/", ["registered_model.created", "model_version.created"],
        secret="a secret",
    )
    assert client.test_webhook(hook.webhook_id).success
    client.create_registered_model("announced")
    client.create_model_version("announced", "s3://elsewhere/model")
    end = time.monotonic() + 10
    while len(got) < 3 and time.monotonic() < end:
        time.sleep(0.02)
    bodies = [json.loads(body) for _, body in got]
    assert [(b["entity"], b["action"]) for b in bodies[1:]] == [("registered_model", "created"), ("model_version", "created")], bodies
    assert bodies[2]["data"]["name"] == "announced" and bodies[2]["data"]["version"] == "1", bodies
    for headers, body in got:
        headers = {k.lower(): v for k, v in headers.items()}
        signed = f"{headers['x-mlflow-delivery-id']}.{headers['x-mlflow-timestamp']}.{body.decode()}"
        wanted = "v1," + base64.b64encode(hmac.new(b"a secret", signed.encode(), hashlib.sha256).digest()).decode()
        assert hmac.compare_digest(headers["x-mlflow-signature"], wanted)
    client.update_webhook(hook.webhook_id, description="ours")
    assert client.get_webhook(hook.webhook_id).description == "ours"
    client.delete_webhook(hook.webhook_id)
    assert list(client.list_webhooks()) == []
    return {"deliveries": len(got)}


def cli(*arguments):
    # A project's own commands find the same Python.
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    done = subprocess.run(
        [sys.executable, "-m", "mlflow", *arguments], capture_output=True, text=True, timeout=120, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


if __name__ == "__main__":
    steps = {step.__name__: step for step in (tracking, artifacts, registry, promote, promoted, project, webhooks)}
    print(json.dumps(steps[sys.argv[1]](*sys.argv[2:])))
