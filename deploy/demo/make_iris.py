#!/usr/bin/env python3
"""Train the two iris models of the demo and write them as ONNX beside this script.

    pip install numpy onnx==1.19.1 onnxruntime scikit-learn skl2onnx
    python make_iris.py

Version 1 is a logistic regression of the petals' and sepals' four lengths and widths. Version 2 is a random forest of the
same data. They agree on most flowers; SAMPLE, a large versicolor, is one on which they do not, so that a promotion and a rollback can be seen.
Both take `X` (float, [N, 4]) and give `label` (int64, [N]) and `probabilities` (float, [N, 3]).
"""
from __future__ import annotations

from pathlib import Path

import numpy as np

SAMPLE = [6.0, 2.7, 5.1, 1.6]
OPSET = 17


def export(estimator, folder: Path, example: np.ndarray) -> None:
    from skl2onnx import to_onnx
    model = to_onnx(estimator, example, target_opset=OPSET, options={id(estimator): {"zipmap": False}})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())


def predict(folder: Path, rows: np.ndarray):
    import onnxruntime
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    return session.run(["label", "probabilities"], {"X": rows})


def main() -> None:
    from sklearn.datasets import load_iris
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    here = Path(__file__).resolve().parent
    data = load_iris()
    names, rows = data.target_names, data.data.astype(np.float32)
    versions = {"iris-v1": LogisticRegression(max_iter=1000, random_state=0),
                "iris-v2": RandomForestClassifier(n_estimators=50, max_depth=6, random_state=0, n_jobs=1)}
    for name, estimator in versions.items():
        export(estimator.fit(rows, data.target), here / name, rows[:1])
        labels, probabilities = predict(here / name, np.array([SAMPLE], np.float32))
        agreed = (predict(here / name, rows)[0] == data.target).mean()
        print(f"{name}: {SAMPLE} is {names[labels[0]]} ({probabilities[0].max():.2f}), right on {agreed:.1%} of the data")


if __name__ == "__main__":
    main()
