"""Drives a gateway with the KServe SDK's inference clients, and prints one JSON line a check (see fixtures.py).

    python kserve_client.py --http HOST:PORT --grpc HOST:PORT --fixtures FOLDER --models NAME,NAME

The gateway serves these fixture models under the fixtures' own names.
"""
import importlib.util
import sys
import types

import grpc
import httpx

from fixtures import Checks, load


def without_the_kubernetes_half():
    """`import kserve` imports a Kubernetes API client too, which no inference needs: the package is entered by its modules."""
    package = types.ModuleType("kserve")
    package.__path__ = list(importlib.util.find_spec("kserve").submodule_search_locations)
    sys.modules["kserve"] = package


without_the_kubernetes_half()
from kserve.inference_client import InferenceGRPCClient, InferenceRESTClient, RESTConfig  # noqa: E402
from kserve.protocol.infer_type import InferInput, InferRequest, RequestedOutput  # noqa: E402

CHECKS = Checks("kserve")
IRIS = [[6.0, 2.7, 5.1, 1.6], [5.1, 3.5, 1.4, 0.2]]


class Gateway:
    def __init__(self, http, grpc_address, fixtures, models):
        self.url = "http://" + http
        self.v1 = InferenceRESTClient(RESTConfig(protocol="v1"))
        self.v2 = InferenceRESTClient(RESTConfig(protocol="v2"))
        self.grpc = InferenceGRPCClient(grpc_address)
        # The SDK knows no bfloat16.
        self.fixtures = {name: one for name, one in load(fixtures, models).items() if not one.carries("BF16")}

    async def golden(self, infer, by_json):
        for fixture in self.fixtures.values():
            for case in fixture.cases:
                answer = await infer(fixture, case)
                fixture.compare(case, lambda name: answer.get_output_by_name(name).as_numpy(), by_json)


def request(fixture, case, binary, **options):
    inputs = []
    for tensor in case["inputs"]:
        one = InferInput(tensor["name"], tensor["shape"], tensor["datatype"])
        one.set_data_from_numpy(fixture.array(tensor), binary_data=binary)
        inputs.append(one)
    return InferRequest(fixture.name, inputs, **options)


def iris(model="iris-logreg", **options):
    return InferRequest(model, [InferInput("X", [2, 4], "FP32", sum(IRIS, []))], **options)


@CHECKS.add
async def server_and_models_are_ready(gateway):
    assert await gateway.v1.is_server_live(gateway.url) is True
    assert await gateway.v2.is_server_live(gateway.url) is True
    assert await gateway.v2.is_server_ready(gateway.url) is True
    assert await gateway.grpc.is_server_live() is True
    assert await gateway.grpc.is_server_ready() is True
    for name in gateway.fixtures:
        assert await gateway.v1.is_model_ready(gateway.url, name) is True, name
        assert await gateway.v2.is_model_ready(gateway.url, name) is True, name
        assert await gateway.grpc.is_model_ready(name) is True, name
    assert await gateway.v2.is_model_ready(gateway.url, "nobody") is False
    assert await gateway.grpc.is_model_ready("nobody") is False


@CHECKS.add
async def golden_answers_by_json(gateway):
    async def infer(fixture, case):
        # The SDK itself refuses FP16 in JSON.
        binary = fixture.carries("FP16")
        return await gateway.v2.infer(gateway.url, request(fixture, case, binary), fixture.name)

    await gateway.golden(infer, by_json=True)


@CHECKS.add
async def golden_answers_by_binary_tensors(gateway):
    async def infer(fixture, case):
        asked = request(fixture, case, True, parameters={"binary_data_output": True})
        headers = {}
        answer = await gateway.v2.infer(gateway.url, asked, fixture.name, response_headers=headers)
        assert "inference-header-content-length" in headers, headers
        return answer

    # The SDK turns what came as bytes into text.
    await gateway.golden(infer, by_json=True)


@CHECKS.add
async def golden_answers_by_grpc_raw_contents(gateway):
    await gateway.golden(lambda fixture, case: gateway.grpc.infer(request(fixture, case, True)), by_json=False)


@CHECKS.add
async def typed_contents_of_grpc(gateway):
    answer = await gateway.grpc.infer(iris())
    assert answer.get_output_by_name("label").data == [2, 0], answer


@CHECKS.add
async def only_the_outputs_asked_for_come_with_id(gateway):
    options = {"request_id": "one-42", "request_outputs": [RequestedOutput("label")]}
    for answer in (await gateway.v2.infer(gateway.url, iris(**options), "iris-logreg"),
                   await gateway.grpc.infer(iris(**options))):
        assert (answer.id, answer.model_name) == ("one-42", "iris-logreg"), answer
        assert [output.name for output in answer.outputs] == ["label"], answer


@CHECKS.add
async def rows_by_the_first_protocol(gateway):
    answer = await gateway.v1.infer(gateway.url, {"instances": IRIS}, "iris-logreg")
    assert [row["label"] for row in answer["predictions"]] == [2, 0], answer


@CHECKS.add
async def what_is_wrong_is_said_in_the_protocols_own_error(gateway):
    await refused(gateway.v1.infer(gateway.url, {"instances": [[1.0]]}, "iris-logreg"), "400")
    await refused(gateway.v1.infer(gateway.url, {"instances": IRIS}, "nobody"), "404", "nobody")
    await refused(gateway.v2.infer(gateway.url, iris(), "multi-io"), "400", "'left'")
    await refused(gateway.v2.infer(gateway.url, iris(), "nobody"), "404", "nobody")
    await refused(gateway.grpc.infer(iris("multi-io")), "INVALID_ARGUMENT", "'left'")
    await refused(gateway.grpc.infer(iris("nobody")), "NOT_FOUND", "nobody")


async def refused(call, *words):
    try:
        await call
    except (httpx.HTTPStatusError, grpc.RpcError) as error:
        for word in words:
            assert word in str(error), f"'{word}' is not in: {error}"
        return
    raise AssertionError("was not refused")


CHECKS.main(Gateway)
