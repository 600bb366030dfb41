"""Asks a gateway of one model with MLflow's own client of its scoring server, and prints one JSON line a check (see fixtures.py).

    python scoring_client.py --http HOST:PORT --grpc HOST:PORT --fixtures FOLDER --models NAME

The gateway serves this fixture model, which takes one tensor and gives one, and no other.
"""
import mlflow
import numpy as np
import pandas as pd
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

from fixtures import Checks, load

CHECKS = Checks("scoring client")


class Gateway:
    def __init__(self, http, _grpc, fixtures, models):
        host, port = http.split(":")
        self.client = ScoringServerClient(host, port)
        (self.fixture,) = load(fixtures, models).values()

    def golden(self, answer):
        """answer: from an array to what the client says to it, as one."""
        (output,) = self.fixture.output_names()
        for case in self.fixture.cases:
            array = self.fixture.array(case["inputs"][0])
            self.fixture.compare(case, {output: np.asarray(answer(array), np.float32)}.get, by_json=True)


@CHECKS.add
def it_is_ready_and_says_which_mlflow_it_follows(gateway):
    gateway.client.wait_server_ready(timeout=10)
    version = gateway.client.get_version()
    assert version == mlflow.__version__, version


@CHECKS.add
def golden_answers_for_an_array(gateway):
    gateway.golden(lambda array: gateway.client.invoke(array).get_predictions(predictions_format="ndarray"))


@CHECKS.add
def a_frame_is_answered_with_a_frame_of_numbered_columns(gateway):
    def answer(array):
        frame = gateway.client.invoke(pd.DataFrame(array)).get_predictions()
        assert list(frame.columns) == [str(i) for i in range(frame.shape[1])], frame
        return frame

    gateway.golden(answer)


@CHECKS.add
def a_wrong_width_is_refused_in_words(gateway):
    try:
        gateway.client.invoke(np.zeros((1, 3), np.float32))
    except Exception as refused:
        assert "error code 400" in str(refused) and "BAD_REQUEST" in str(refused), refused
        return
    raise AssertionError("three values were taken")


if __name__ == "__main__":
    CHECKS.main(Gateway)
