"""Drives a gateway with tritonclient over HTTP and gRPC, and prints one JSON line a check (see fixtures.py).

    python triton_client.py --http HOST:PORT --grpc HOST:PORT --fixtures FOLDER --models NAME,NAME

The gateway serves these fixture models under the fixtures' own names.
"""
import queue
import time

import numpy as np
import tritonclient.grpc as grpc_client
import tritonclient.http as http_client
from tritonclient.grpc import model_config_pb2, service_pb2
from tritonclient.utils import InferenceServerException

from fixtures import NUMPY, Checks, load

CHECKS = Checks("tritonclient")


class Gateway:
    def __init__(self, http, grpc, fixtures, models):
        self.http = http_client.InferenceServerClient(http, network_timeout=30)
        self.grpc = grpc_client.InferenceServerClient(grpc)
        self.fixtures = load(fixtures, models)

    def inputs(self, module, fixture, case, **options):
        inputs = []
        for tensor in case["inputs"]:
            one = module.InferInput(tensor["name"], tensor["shape"], tensor["datatype"])
            one.set_data_from_numpy(fixture.array(tensor), **options)
            inputs.append(one)
        return inputs

    def golden(self, infer, by_json=False):
        for fixture in self.fixtures.values():
            for case in fixture.cases:
                fixture.compare(case, infer(fixture, case).as_numpy, by_json)

    def iris(self, module, rows=1, **options):
        one = module.InferInput("X", [rows, 4], "FP32")
        one.set_data_from_numpy(np.tile(np.array([[6.0, 2.7, 5.1, 1.6]], np.float32), (rows, 1)), **options)
        return [one]


def refused(call, *words, status=None):
    try:
        call()
    except InferenceServerException as error:
        text = str(error)
        for word in words:
            assert word in text, f"'{word}' is not in: {text}"
        if status:
            assert status in str(error.status()), f"{error.status()}, not {status}: {text}"
        assert "\tat " not in text and "Exception" not in text, text
        return
    raise AssertionError("was not refused")


@CHECKS.add
def server_and_models_are_ready(gateway):
    for client in (gateway.http, gateway.grpc):
        assert client.is_server_live() and client.is_server_ready()
        for name in gateway.fixtures:
            assert client.is_model_ready(name), name
        assert not client.is_model_ready("nobody")


@CHECKS.add
def metadata_is_the_signature(gateway):
    assert gateway.http.get_server_metadata()["extensions"] == list(gateway.grpc.get_server_metadata().extensions)
    for fixture in gateway.fixtures.values():
        metadata = gateway.http.get_model_metadata(fixture.name)
        grpc = gateway.grpc.get_model_metadata(fixture.name, as_json=True)
        assert metadata["name"] == grpc["name"] == fixture.name
        assert metadata["versions"] == grpc["versions"] == ["1"], metadata
        for tensor, other in zip(metadata["inputs"], grpc["inputs"], strict=True):
            assert (tensor["name"], tensor["datatype"]) == (other["name"], other["datatype"])
            assert [int(one) for one in other.get("shape", [])] == tensor["shape"]
        if fixture.golden["format"] == "onnx":
            assert metadata["inputs"] == fixture.golden["inputs"], metadata
        # ZipMap's classes come as an output more.
        assert set(fixture.output_names()) <= {one["name"] for one in metadata["outputs"]}, metadata


@CHECKS.add
def golden_answers_by_json(gateway):
    def infer(fixture, case):
        outputs = [http_client.InferRequestedOutput(name, binary_data=False) for name in fixture.output_names()]
        binary = fixture.carries("FP16", "BF16")
        return gateway.http.infer(
            fixture.name, gateway.inputs(http_client, fixture, case, binary_data=binary), outputs=outputs)

    gateway.golden(infer, by_json=True)


@CHECKS.add
def golden_answers_by_binary_tensors(gateway):
    gateway.golden(lambda fixture, case: gateway.http.infer(
        fixture.name, gateway.inputs(http_client, fixture, case, binary_data=True)))


@CHECKS.add
def golden_answers_by_grpc_raw_contents(gateway):
    gateway.golden(lambda fixture, case: gateway.grpc.infer(
        fixture.name, gateway.inputs(grpc_client, fixture, case)))


@CHECKS.add
def golden_answers_by_a_grpc_stream(gateway):
    answers = queue.Queue()
    gateway.grpc.start_stream(callback=lambda result, error: answers.put((result, error)))
    try:
        def infer(fixture, case):
            gateway.grpc.async_stream_infer(
                fixture.name, gateway.inputs(grpc_client, fixture, case), request_id=case["name"],
                enable_empty_final_response=True)
            result, error = answers.get(timeout=30)
            assert error is None, error
            assert result.get_response().id == case["name"]
            assert result.get_response().parameters["triton_final_response"].bool_param
            return result

        gateway.golden(infer)
        gateway.grpc.async_stream_infer("nobody", gateway.iris(grpc_client))
        result, error = answers.get(timeout=30)
        assert result is None and "nobody" in str(error), "a bad request must not end the stream"
        gateway.grpc.async_stream_infer("iris-logreg", gateway.iris(grpc_client), request_id="after")
        result, error = answers.get(timeout=30)
        assert error is None and result.get_response().id == "after"
    finally:
        gateway.grpc.stop_stream()


@CHECKS.add
def a_raw_binary_request(gateway):
    iris = np.array([[6.0, 2.7, 5.1, 1.6]] * 3, np.float32)
    answer = gateway.http._post(
        "v2/models/iris-logreg/infer", iris.tobytes(), {"Inference-Header-Content-Length": 0}, None)
    assert answer.status_code == 200, answer.read()
    result = http_client.InferResult(answer, False)
    assert result.as_numpy("label").tolist() == [2, 2, 2]


@CHECKS.add
def typed_contents_of_grpc(gateway):
    values = {
        "identity-bool": ("bool_contents", [True, False]),
        "identity-int8": ("int_contents", [-128, 127]),
        "identity-int16": ("int_contents", [-32768, 32767]),
        "identity-int32": ("int_contents", [-2**31, 2**31 - 1]),
        "identity-int64": ("int64_contents", [-2**63, 2**63 - 1]),
        "identity-uint8": ("uint_contents", [0, 255]),
        "identity-uint16": ("uint_contents", [0, 65535]),
        "identity-uint32": ("uint_contents", [0, 2**32 - 1]),
        "identity-uint64": ("uint64_contents", [0, 2**64 - 1]),
        "identity-fp32": ("fp32_contents", [1.5, float("-inf")]),
        "identity-fp64": ("fp64_contents", [1e300, -0.0]),
        "identity-bytes": ("bytes_contents", ["grün".encode(), b""]),
    }
    for name, (field, content) in values.items():
        tensor = gateway.fixtures[name].golden["inputs"][0]
        request = service_pb2.ModelInferRequest(model_name=name)
        one = request.inputs.add(name=tensor["name"], datatype=tensor["datatype"])
        shape = [1] * len(tensor["shape"])
        shape[-1 if tensor["shape"][-1] < 0 else 0] = len(content)
        one.shape.extend(shape)
        getattr(one.contents, field).extend(content)
        answer = gateway.grpc._client_stub.ModelInfer(request)
        expected = [one.encode() if isinstance(one, str) else one for one in content]
        assert list(getattr(answer.outputs[0].contents, field)) == expected, f"{name}: {answer}"


@CHECKS.add
def only_the_outputs_asked_for_come_with_id_and_version(gateway):
    for module, client in ((http_client, gateway.http), (grpc_client, gateway.grpc)):
        result = client.infer(
            "iris-logreg", gateway.iris(module), model_version="1", request_id="one-42",
            outputs=[module.InferRequestedOutput("probabilities")])
        answer = result.get_response()
        assert result.as_numpy("label") is None
        assert result.as_numpy("probabilities").shape == (1, 3)
        answer = answer if isinstance(answer, dict) else {
            "id": answer.id, "model_version": answer.model_version, "model_name": answer.model_name}
        assert (answer["id"], answer["model_name"], answer["model_version"]) == ("one-42", "iris-logreg", "1"), answer


@CHECKS.add
def compressed_bodies_of_both_kinds(gateway):
    for kind in ("gzip", "deflate"):
        result = gateway.http.infer(
            "iris-logreg", gateway.iris(http_client, 500),
            request_compression_algorithm=kind, response_compression_algorithm=kind)
        assert result.as_numpy("label").shape == (500,), kind
        result = gateway.grpc.infer("iris-logreg", gateway.iris(grpc_client, 500), compression_algorithm=kind)
        assert result.as_numpy("label").shape == (500,), kind


@CHECKS.add
def parameters_are_taken(gateway):
    for module, client in ((http_client, gateway.http), (grpc_client, gateway.grpc)):
        client.infer("iris-logreg", gateway.iris(module), parameters={"caller": "test", "n": 3, "yes": True})
        client.infer("iris-logreg", gateway.iris(module), timeout=5_000_000, priority=1)


@CHECKS.add
def asynchronous_calls(gateway):
    requests = [gateway.http.async_infer("iris-logreg", gateway.iris(http_client, n)) for n in range(1, 9)]
    for n, request in enumerate(requests, 1):
        assert request.get_result().as_numpy("label").shape == (n,)
    answers = queue.Queue()
    for n in range(1, 9):
        gateway.grpc.async_infer(
            "iris-logreg", gateway.iris(grpc_client, n), callback=lambda result, error: answers.put((result, error)))
    rows = []
    for _ in range(8):
        result, error = answers.get(timeout=30)
        assert error is None, error
        rows.append(result.as_numpy("label").shape[0])
    assert sorted(rows) == list(range(1, 9))


@CHECKS.add
def the_repository_belongs_to_the_registry(gateway):
    for index in (gateway.http.get_model_repository_index(),
                  gateway.grpc.get_model_repository_index(as_json=True)["models"]):
        ready = {model["name"] for model in index if model["state"] == "READY"}
        assert ready == set(gateway.fixtures), ready
    for client in (gateway.http, gateway.grpc):
        refused(lambda client=client: client.load_model("iris-logreg"), "registry")
        refused(lambda client=client: client.unload_model("iris-logreg"), "registry")


def counts(stats):
    """Of both clients' answers: gRPC's JSON has numbers as strings, and leaves zeros out."""
    part = stats["inference_stats"]["success"]
    return tuple(int(one) for one in (
        stats["last_inference"], stats["inference_count"], stats["execution_count"], part["count"], part["ns"]))


@CHECKS.add
def statistics_count_what_was_asked(gateway):
    def both():
        by_http, by_grpc = (client.get_inference_statistics("iris-logreg", **options)["model_stats"][0]
                            for client, options in ((gateway.http, {}), (gateway.grpc, {"as_json": True})))
        assert (by_http["name"], by_http["version"]) == (by_grpc["name"], by_grpc["version"]) == ("iris-logreg", "1")
        assert counts(by_http) == counts(by_grpc), f"{by_http} {by_grpc}"
        return counts(by_http), by_http

    def settled():
        # An answer by gRPC is sent before it is counted.
        time.sleep(0.2)
        return both()

    gateway.http.infer("iris-logreg", gateway.iris(http_client))
    before, _ = settled()
    gateway.http.infer("iris-logreg", gateway.iris(http_client, rows=3))
    gateway.grpc.infer("iris-logreg", gateway.iris(grpc_client, rows=3))
    after, stats = settled()
    assert after[0] > before[0] and after[3] - before[3] == 2 and after[4] > before[4], f"{before} {after}"
    rows = 3 if gateway.http.get_model_config("iris-logreg")["max_batch_size"] else 1
    assert after[1] - before[1] == 2 * rows and after[2] - before[2] == 2, f"{before} {after}"
    assert rows in [batch["batch_size"] for batch in stats["batch_stats"]], stats
    assert {one["name"] for one in gateway.http.get_inference_statistics()["model_stats"]} == set(gateway.fixtures)
    names = {one.name for one in gateway.grpc.get_inference_statistics().model_stats}
    assert names == set(gateway.fixtures), names
    refused(lambda: gateway.http.get_inference_statistics("nobody"), "nobody", status="404")
    refused(lambda: gateway.grpc.get_inference_statistics("nobody"), "nobody", status="NOT_FOUND")


@CHECKS.add
def the_configuration_has_the_signature(gateway):
    for fixture in gateway.fixtures.values():
        metadata = gateway.http.get_model_metadata(fixture.name)
        by_http = gateway.http.get_model_config(fixture.name, "1")
        by_grpc = gateway.grpc.get_model_config(fixture.name, "1").config
        assert by_http["name"] == by_grpc.name == fixture.name
        assert by_http["platform"] == by_grpc.platform == metadata["platform"]
        assert by_http["max_batch_size"] == by_grpc.max_batch_size, by_http
        assert ("dynamic_batching" in by_http) == by_grpc.HasField("dynamic_batching"), by_http
        rows = [-1] if by_grpc.max_batch_size else []
        for side, sides in (("input", "inputs"), ("output", "outputs")):
            for tensor, other, spec in zip(by_http[side], getattr(by_grpc, side), metadata[sides], strict=True):
                kind = model_config_pb2.DataType.Name(other.data_type)
                assert tensor["name"] == other.name == spec["name"], tensor
                assert tensor["data_type"] == kind == "TYPE_" + spec["datatype"].replace("BYTES", "STRING"), tensor
                assert rows + tensor["dims"] == rows + list(other.dims) == spec["shape"], tensor
    refused(lambda: gateway.http.get_model_config("nobody"), "nobody", status="404")
    refused(lambda: gateway.grpc.get_model_config("nobody"), "nobody", status="NOT_FOUND")


@CHECKS.add
def what_is_wrong_is_said_in_the_protocols_own_error(gateway):
    for module, client, bad, missing in (
            (http_client, gateway.http, "400", "404"),
            (grpc_client, gateway.grpc, "INVALID_ARGUMENT", "NOT_FOUND")):
        def tensor(name, shape, kind):
            one = module.InferInput(name, shape, kind)
            one.set_data_from_numpy(np.zeros(shape, NUMPY[kind]))
            return [one]

        def infer(inputs, model="iris-logreg", client=client, **options):
            return lambda: client.infer(model, inputs, **options)

        good = gateway.iris(module)
        refused(infer(tensor("Y", [1, 4], "FP32")), "'Y'", "'X'", status=bad)
        refused(infer(tensor("X", [1, 3], "FP32")), "[-1, 4]", "[1, 3]", status=bad)
        refused(infer(tensor("X", [1, 4], "INT64")), "FP32", "INT64", status=bad)
        refused(infer(good, outputs=[module.InferRequestedOutput("nothing")]), "nothing", status=bad)
        refused(infer(good, "nobody"), "Request for unknown model: 'nobody' is not found", status=missing)
        refused(infer(good, model_version="7"), "7", status=missing)
        refused(infer(good, model_version="seven"), "seven", status=missing)


@CHECKS.add
def extensions_that_are_not_offered_are_refused_not_ignored(gateway):
    for module, client in ((http_client, gateway.http), (grpc_client, gateway.grpc)):
        top = module.InferRequestedOutput("probabilities", class_count=2)
        refused(lambda: client.infer("iris-logreg", gateway.iris(module), outputs=[top]), "classification")
        shared = module.InferInput("X", [1, 4], "FP32")
        shared.set_shared_memory("region", 16)
        refused(lambda: client.infer("iris-logreg", [shared]), "shared")
        refused(lambda: client.infer("iris-logreg", gateway.iris(module), sequence_id=7, sequence_start=True), "sequence")
        refused(client.get_system_shared_memory_status)


CHECKS.main(Gateway)
