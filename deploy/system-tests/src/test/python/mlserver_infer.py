"""Drives a gateway with the command `mlserver infer`, and prints one JSON line a check (see fixtures.py).

    python mlserver_infer.py --http HOST:PORT --grpc HOST:PORT --fixtures FOLDER --models NAME,NAME

The gateway serves these fixture models under the fixtures' own names.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from fixtures import NUMPY, Checks, load

CHECKS = Checks("mlserver infer")
PROGRAM = pathlib.Path(sys.executable).with_name("mlserver")


class Gateway:
    def __init__(self, http, _grpc, fixtures, models):
        self.http = http
        self.fixtures = load(fixtures, models)

    def infer(self, model, requests, *options):
        """One line a request in a file, one line an answer in another."""
        with tempfile.TemporaryDirectory() as folder:
            asked, answered = pathlib.Path(folder) / "requests.jsonl", pathlib.Path(folder) / "answers.jsonl"
            asked.write_text("".join(json.dumps(request) + "\n" for request in requests))
            command = [PROGRAM, "infer", "-u", self.http, "-m", model, "-i", asked, "-o", answered, "-r", "1", *options]
            subprocess.run(command, check=True, capture_output=True, timeout=100)
            lines = [json.loads(line) for line in answered.read_text().splitlines()]
        return sorted(lines, key=lambda line: line["parameters"]["batch_index"])

    def golden(self, model, *options):
        fixture = self.fixtures[model]
        cases = [case for case in fixture.cases if not any("data_file" in tensor for tensor in case["inputs"])]
        assert cases
        answers = self.infer(model, [{"inputs": case["inputs"]} for case in cases], *options)
        assert len(answers) == len(cases)
        for case, answer in zip(cases, answers, strict=True):
            assert "error" not in answer, answer
            outputs = {tensor["name"]: tensor for tensor in answer["outputs"]}
            # The command writes a vector as a column.
            shapes = {tensor["name"]: tensor["shape"] for tensor in case["outputs"]}
            arrays = {name: np.array(one["data"], NUMPY[one["datatype"]]).reshape(shapes[name])
                      for name, one in outputs.items()}
            fixture.compare(case, arrays.get, by_json=True)


@CHECKS.add
def golden_answers_by_json(gateway):
    gateway.golden("iris-logreg")


@CHECKS.add
def golden_answers_of_the_other_engines(gateway):
    for model in ("iris-xgboost-json", "iris-lightgbm", "mlp-torchscript"):
        gateway.golden(model)


@CHECKS.add
def golden_answers_by_binary_tensors(gateway):
    gateway.golden("identity-int64", "-b")


@CHECKS.add
def requests_in_small_batches_get_their_own_rows(gateway):
    def one(row):
        return {"inputs": [{"name": "X", "shape": [1, 4], "datatype": "FP32", "data": row}]}

    rows = [[6.0, 2.7, 5.1, 1.6], [5.1, 3.5, 1.4, 0.2], [6.0, 2.7, 5.1, 1.6]]
    answers = gateway.infer("iris-logreg", [one(row) for row in rows], "-s", "2")
    labels = [tensor["data"] for answer in answers for tensor in answer["outputs"] if tensor["name"] == "label"]
    assert labels == [[2], [0], [2]], answers


@CHECKS.add
def what_is_wrong_is_said_in_the_protocols_own_error(gateway):
    bad = {"inputs": [{"name": "X", "shape": [1, 3], "datatype": "FP32", "data": [1.0, 2.0, 3.0]}]}
    (answer,) = gateway.infer("iris-logreg", [bad])
    assert "[-1, 4]" in answer["error"]["msg"] and "[1, 3]" in answer["error"]["msg"], answer


CHECKS.main(Gateway)
