"""Asks a gateway as people do who have curl alone, and prints one JSON line a check (see fixtures.py).

    python curl_client.py --http HOST:PORT --grpc HOST:PORT --fixtures FOLDER --models NAME,NAME

The gateway serves these fixture models under the fixtures' own names.
"""
import gzip
import json
import subprocess

import numpy as np

from fixtures import NUMPY, Checks, load

CHECKS = Checks("curl")


class Gateway:
    def __init__(self, http, _grpc, fixtures, models):
        self.http = http
        self.fixtures = load(fixtures, models)

    def curl(self, path, body, *options):
        command = ["curl", "-sS", "--max-time", "30", "--data-binary", "@-", *options, f"http://{self.http}{path}"]
        return subprocess.run(command, input=body, check=True, capture_output=True, timeout=60).stdout

    def golden(self, infer):
        for fixture in self.fixtures.values():
            for case in fixture.cases:
                if any("data_file" in tensor for tensor in case["inputs"]):
                    continue
                arrays = infer(fixture, case)
                fixture.compare(case, arrays.get, by_json=True)


def arrays(answer):
    outputs = json.loads(answer)
    assert "outputs" in outputs, outputs
    return {one["name"]: np.array(one["data"], NUMPY[one["datatype"]]).reshape(one["shape"])
            for one in outputs["outputs"]}


@CHECKS.add
def golden_answers_by_json(gateway):
    def infer(fixture, case):
        body = json.dumps({"inputs": case["inputs"]}).encode()
        return arrays(gateway.curl(f"/v2/models/{fixture.name}/infer", body, "-H", "Content-Type: application/json"))

    gateway.golden(infer)


@CHECKS.add
def golden_answers_with_packed_bodies(gateway):
    def infer(fixture, case):
        body = gzip.compress(json.dumps({"inputs": case["inputs"]}).encode())
        return arrays(gateway.curl(
            f"/v2/models/{fixture.name}/infer", body, "--compressed", "-H", "Content-Encoding: gzip"))

    gateway.golden(infer)


@CHECKS.add
def rows_without_any_header(gateway):
    answer = json.loads(gateway.curl("/models/iris-logreg/predict", b"[[6.0, 2.7, 5.1, 1.6]]"))
    assert answer["model"] == "iris-logreg" and answer["version"] in (1, "1"), answer


@CHECKS.add
def what_is_wrong_is_said(gateway):
    answer = gateway.curl("/v2/models/nobody/infer", b"{}", "-w", "%{http_code}")
    assert answer.endswith(b"404") and b"nobody" in answer, answer


CHECKS.main(Gateway)
