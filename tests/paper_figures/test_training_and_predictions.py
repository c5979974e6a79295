"""Training and predictions of the Standard and the prescriptive model, Figures 7, 8, 19 and 20."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import fig07
import fig08
import fig19
import fig20
from harness import drawn


def test_fig07_marks_the_selected_epoch() -> None:
    history = pd.DataFrame({"epoch": [1, 2, 3], "train_mse": [3.0, 2, 1], "validation_mse": [3.0, 1, 2]})
    data = fig07.reduce(history, {"best_epoch": 2})
    assert data["selected"].tolist() == [False, True, False]
    legend = drawn(fig07.draw, data).axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["training", "validation", "selected: epoch 2"]


@pytest.mark.parametrize("figure", [fig08, fig19])
def test_figs_8_and_19_show_the_test_set_alone(figure: ModuleType) -> None:
    predictions = pd.DataFrame(
        {
            "catalog": [1, 2, 3],
            "split": ["validation", "testing", "testing"],
            "sigma8_true": [0.7, 0.8, 0.9],
            "sigma8_predicted": [0.71, 0.82, 0.88],
        }
    )
    data = figure.reduce(predictions, {"delta_sigma8": {"value": 0.0016, "error": 0.0001}})
    assert data["catalog"].tolist() == [2, 3]
    assert set(data["delta_sigma8"]) == {0.0016}
    text = drawn(figure.draw, data).axes[0].texts[0].get_text()
    assert r"0.0016 \pm 0.0001" in text
    assert "2 catalogs" in text


def test_fig20_compares_with_the_selected_standard_model() -> None:
    history = pd.DataFrame({"epoch": [1, 2, 3], "train_mse": [3.0, 2, 1], "validation_mse": [3.0, 1, 2]})
    standard = pd.DataFrame({"epoch": [1, 2], "train_mse": [5.0, 4], "validation_mse": [0.1, 10]})
    # the lowest error is that of epoch 1, which the recipe did not admit
    data = fig20.reduce(history, {"best_epoch": 2}, standard, {"best_epoch": 2})
    assert data["selected"].tolist() == [False, True, False]
    assert set(data["standard_validation_mse"]) == {10}
    lines = drawn(fig20.draw, data).axes[0].get_lines()
    dotted = [line for line in lines if line.get_linestyle() == ":"]
    assert [float(np.asarray(line.get_ydata())[0]) for line in dotted] == [1.0]
