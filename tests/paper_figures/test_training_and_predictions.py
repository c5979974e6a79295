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
    data = fig07.reduce({"standard": history}, {"standard": {"best_epoch": 2}})
    assert data["selected"].tolist() == [False, True, False]
    (axes,) = drawn(fig07.draw, data).axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["training", "validation", "selected: epoch 2"]
    assert not axes.collections  # no band


def test_fig07_spans_the_networks() -> None:
    history = pd.DataFrame({"epoch": [1, 2, 3], "train_mse": [3.0, 2, 1], "validation_mse": [3.0, 1, 2]})
    other = history.assign(validation_mse=[1.0, 10, 0.1], epoch=[1, 2, 3])
    best = {"standard": {"best_epoch": 2}, "standard_2": {"best_epoch": 3}}
    data = fig07.reduce({"standard": history, "standard_2": other}, best)
    (axes,) = drawn(fig07.draw, data).axes
    bottoms = [band.get_paths()[0].vertices[:, 1].min() for band in axes.collections]
    assert bottoms == pytest.approx([np.log10(1), np.log10(0.1)])
    (stars,) = (line for line in axes.get_lines() if line.get_marker() == "*")
    assert np.asarray(stars.get_xdata()).tolist() == [2, 3]
    assert axes.get_legend().get_texts()[-1].get_text() == "selected: epochs 2 to 3"


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
    about = {"delta_sigma8": {"value": 0.0016, "error": 0.0001}}
    data = figure.reduce({"one": predictions}, {"one": about})
    assert data["catalog"].tolist() == [2, 3]
    assert set(data["delta_sigma8"]) == {0.0016}
    assert data["delta_sigma8_scatter"].isna().all()
    text = drawn(figure.draw, data).axes[0].texts[0].get_text()
    assert r"0.0016 \pm 0.0001" in text
    assert "2 catalogs" in text
    assert "scatter" not in text

    other = predictions.assign(sigma8_predicted=[0.7, 0.83, 0.87])
    provenance = {"one": about, "two": {"delta_sigma8": {"value": 0.0036, "error": 0.0003}}}
    data = figure.reduce({"one": predictions, "two": other}, provenance)
    assert data.groupby("network")["delta_sigma8"].first().tolist() == [0.0016, 0.0036]
    assert data["delta_sigma8_mean"].unique() == pytest.approx([0.0026])
    assert data["delta_sigma8_scatter"].unique() == pytest.approx([0.002 / np.sqrt(2)])
    (axes,) = drawn(figure.draw, data).axes
    assert axes.texts[0].get_text().startswith(r"$\Delta\sigma_8 = 0.0026 \pm 0.0002$")
    assert "scatter of 2 networks: 0.0014\n2 catalogs" in axes.texts[0].get_text()
    band = axes.collections[0].get_paths()[0].vertices
    assert sorted({*band[band[:, 0] == 0.8][:, 1].round(6)}) == [0.82, 0.83]


def test_fig20_compares_with_the_selected_standard_model() -> None:
    history = pd.DataFrame({"epoch": [1, 2, 3], "train_mse": [3.0, 2, 1], "validation_mse": [3.0, 1, 2]})
    standard = pd.DataFrame({"epoch": [1, 2], "train_mse": [5.0, 4], "validation_mse": [0.1, 10]})
    # the lowest error is that of epoch 1, which the recipe did not admit
    best = {"best_epoch": 2}
    several = {"standard": standard, "standard_2": standard.assign(validation_mse=[1.0, 20])}
    data = fig20.reduce({"prescriptive": history}, {"prescriptive": best}, several, dict.fromkeys(several, best))
    assert data["selected"].tolist() == [False, True, False]
    assert set(data["standard_validation_mse"]) == {15}
    data = data.assign(standard_validation_mse=10)
    lines = drawn(fig20.draw, data).axes[0].get_lines()
    dotted = [line for line in lines if line.get_linestyle() == ":"]
    assert [float(np.asarray(line.get_ydata())[0]) for line in dotted] == [1.0]
