"""The fixture models and their golden answers, and the form in which the client programs tell what they found."""
import argparse
import asyncio
import inspect
import json
import pathlib
import traceback

import ml_dtypes
import numpy as np

NUMPY = {
    "BOOL": np.bool_, "INT8": np.int8, "INT16": np.int16, "INT32": np.int32, "INT64": np.int64,
    "UINT8": np.uint8, "UINT16": np.uint16, "UINT32": np.uint32, "UINT64": np.uint64,
    "FP16": np.float16, "BF16": ml_dtypes.bfloat16, "FP32": np.float32, "FP64": np.float64, "BYTES": np.object_,
}


class Fixture:
    def __init__(self, folder):
        self.folder = folder
        self.golden = json.loads((folder / "golden.json").read_text())
        self.name = self.golden["name"]
        self.cases = self.golden["cases"]

    def array(self, tensor):
        kind = NUMPY[tensor["datatype"]]
        if "data_file" in tensor:
            flat = np.fromfile(self.folder / tensor["data_file"], dtype=kind)
        elif tensor["datatype"] == "BYTES":
            flat = np.array([text.encode() for text in tensor["data"]], dtype=kind)
        else:
            flat = np.array(tensor["data"], dtype=kind)
        return flat.reshape(tensor["shape"])

    def compare(self, case, answer, by_json):
        """answer: from an output's name to its array; by_json: whether strings come as text."""
        tolerance = self.golden["tolerance"]
        for tensor in case["outputs"]:
            got = answer(tensor["name"])
            where = f"{self.name}/{case['name']}/{tensor['name']}"
            if "sequence_of_maps" in tensor:
                rows = [[row[key] for key in row] for row in tensor["sequence_of_maps"]]
                np.testing.assert_allclose(got, rows, tolerance["rtol"], tolerance["atol"], err_msg=where)
                continue
            expected = self.array(tensor)
            assert got is not None, where + " did not come"
            if expected.dtype == np.object_ and by_json:
                expected = np.vectorize(bytes.decode, otypes=[np.object_])(expected)
            assert got.dtype == expected.dtype, f"{where}: {got.dtype}, not {expected.dtype}"
            assert got.shape == expected.shape, f"{where}: {got.shape}, not {expected.shape}"
            if expected.dtype.kind == "f":
                np.testing.assert_allclose(got, expected, tolerance["rtol"], tolerance["atol"], err_msg=where)
            else:
                np.testing.assert_array_equal(got, expected, err_msg=where)

    def output_names(self):
        return [output["name"] for output in self.golden["outputs"]]

    def carries(self, *datatypes):
        return any(tensor["datatype"] in datatypes for case in self.cases for tensor in case["inputs"])


def load(folder, names):
    return {name: Fixture(pathlib.Path(folder) / name) for name in names.split(",")}


class Checks:
    """Named checks; each prints one JSON line: {"check": ..., "fault": null | text}."""

    def __init__(self, client):
        self.client = client
        self.functions = []

    def add(self, function):
        self.functions.append(function)
        return function

    def main(self, gateway):
        """Runs all of them on `gateway(http, grpc, fixtures, models)`, as the command line says; it is made within the event loop."""
        parser = argparse.ArgumentParser()
        parser.add_argument("--http", required=True)
        parser.add_argument("--grpc", required=True)
        parser.add_argument("--fixtures", required=True)
        parser.add_argument("--models", required=True)
        options = parser.parse_args()

        async def run():
            await self.run_async(gateway(options.http, options.grpc, options.fixtures, options.models))

        asyncio.run(run())

    async def run_async(self, subject):
        for function in self.functions:
            fault = None
            try:
                done = function(subject)
                if inspect.isawaitable(done):
                    await done
            except Exception:
                fault = traceback.format_exc(limit=-3)
            name = f"{self.client}: {function.__name__.replace('_', ' ')}"
            print(json.dumps({"check": name, "fault": fault}), flush=True)
