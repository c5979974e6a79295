"""Numbers and drawings of Figs 17, 19 and 20 and Table 4, from samples whose answer is known."""

import importlib
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.network.inputs import FeatureSet
from encluster.paper.published import DELTA_SIGMA8
from encluster.reductions import fig17, fig19, fig20, tab04
from factories import configuration, scaling_relations, surrogate

PAPER_FIGURES = Path(__file__).parents[2] / "paper_figures"


def drawn(target: str, data: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is made of the CSV, as the command makes it."""
    monkeypatch.syspath_prepend(PAPER_FIGURES)
    matplotlib.use("Agg")
    text = data.assign(source="surrogate", photons="simulate").to_csv(index=False)
    read = pd.read_csv(StringIO(text), keep_default_na=target.startswith("fig"))
    made = importlib.import_module(target).make(read)
    if target.startswith("fig"):
        made.canvas.draw()
        matplotlib.pyplot.close(made)
    return made


def test_fig17_overlays_each_survey_and_smooths_it(monkeypatch: pytest.MonkeyPatch) -> None:
    halos = surrogate(100)
    settings = configuration(mock_sets={"larger": {"survey": {"volume_fraction": 0.8, "smoothing_dex": 0.0}}})
    data = fig17.reduce(halos, scaling_relations(abundance_ratio=0.885), settings)
    assert settings.survey.volume_fraction == 0.5
    chosen = data[(data["kind"] == "survey") & (data["sigma8"] == 0.92) & (data["lx_normalization"] == 0.8)]
    smooth, sharp = (chosen[chosen["set"] == name] for name in ("smaller", "larger"))
    assert set(smooth["volume_fraction"]), set(smooth["smoothing_dex"]) == ({0.3}, {0.076})
    # a slow twin: each bin of the sharp survey spread as a Gaussian
    log_m, before = sharp["log_m"].to_numpy(), 0.3 / 0.8 * sharp["n_per_bin"].to_numpy()
    kernel = np.exp(-0.5 * ((log_m[:, None] - log_m) / 0.076) ** 2)
    expected = (kernel @ before) * 0.01 / (0.076 * np.sqrt(2 * np.pi))
    inner = (log_m > log_m[0] + 0.4) & (log_m < 15.2)
    assert smooth["n_per_bin"].to_numpy()[inner] == pytest.approx(expected[inner], rel=1e-3)
    assert np.abs(before / expected - 1)[inner].max() > 0.05
    figure = drawn("fig17", data, monkeypatch)
    assert [axes.texts[0].get_text() for axes in figure.axes] == ["30% of the volume", "80% of the volume"]


def test_fig19_shows_the_testing_set_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    split = ["validation", "testing", "testing"]
    predictions = pd.DataFrame({"catalog": [1, 2, 3], "split": split, "sigma8_true": 0.8, "sigma8_predicted": 0.8})
    data = fig19.reduce(predictions, {"delta_sigma8": {"value": 0.0016, "error": 0.0001}})
    assert data["catalog"].tolist() == [2, 3]
    assert "0.0016" in drawn("fig19", data, monkeypatch).axes[0].texts[0].get_text()


def test_fig20_compares_with_the_selected_standard_model(monkeypatch: pytest.MonkeyPatch) -> None:
    history = pd.DataFrame({"epoch": [1, 2, 3], "train_mse": [3.0, 2, 1], "validation_mse": [3.0, 1, 2]})
    standard = pd.DataFrame({"epoch": [1, 2], "train_mse": [5.0, 4], "validation_mse": [0.1, 10]})
    # the lowest error is that of epoch 1, which the recipe did not admit
    data = fig20.reduce(history, {"best_epoch": 2}, standard, {"best_epoch": 2})
    assert data["selected"].tolist() == [False, True, False]
    assert set(data["standard_validation_mse"]) == {10}
    lines = drawn("fig20", data, monkeypatch).axes[0].get_lines()
    dotted = [line for line in lines if line.get_linestyle() == ":"]
    assert [float(np.asarray(line.get_ydata())[0]) for line in dotted] == [1.0]


def features_of(sigma8: np.ndarray, split: np.ndarray, number: np.ndarray) -> FeatureSet:
    n = int(number.sum())
    return FeatureSet.made(
        matrix=np.zeros((n, 15), np.float32),
        supplementary=np.zeros((n, 2), np.float32),
        offset=np.concatenate([[0], np.cumsum(number)]),
        cluster=np.arange(n),
        sigma8=sigma8,
        label=sigma8.astype(np.float32),
        split=split,
        scaling={"sigma8": (0.7, 0.92)},
        source="surrogate",
    )


def table4(sigma8: np.ndarray, split: np.ndarray, number: np.ndarray) -> pd.DataFrame:
    provenance = {
        name: {
            "seed": 1,
            "delta_sigma8": {"value": value, "error": 0.001, "bias": 0.002, "n": 497},
            "predicts_constant": name == "array_of_ones",
        }
        for name, value in (("standard", 0.02), ("shuffled", 0.025), ("no_wl", 0.03), ("array_of_ones", 0.06))
    }
    offset = np.concatenate([[0], np.cumsum(number)])
    return tab04.reduce(
        **{f"provenance_{name}": content for name, content in provenance.items()},
        mocks=ClusterCatalogs.of("mocks", {}, offset=offset),
        features=features_of(sigma8, split, number),
    ).set_index("case")


def test_tab04_maps_the_number_of_clusters() -> None:
    """sigma8 is 0.70 + N / 1000 in the training set; testing catalogs are off by known amounts."""
    training, testing = np.repeat(np.arange(65, 155, 10), 3), np.array([75, 95, 95, 105, 105, 125])
    off = np.array([0.3, 0.01, -0.01, 0.03, -0.03, 0.3])
    number = np.concatenate([training, testing])
    sigma8 = 0.7 + number / 1000
    sigma8[len(training) :] -= off
    split = np.repeat(np.array([0, 2], np.uint8), [len(training), len(testing)])
    data = table4(sigma8, split, number)
    assert list(data.index) == list(tab04.SECTIONS)
    for case, published in DELTA_SIGMA8.items():
        assert data.loc[case, ["published", "published_err"]].tolist() == [published.value, published.plus]
    assert data.loc["no_wl", "delta_sigma8"] == 0.03
    assert data["predicts_constant"].dropna().to_dict() == {
        "standard": False,
        "shuffled": False,
        "no_wl": False,
        "array_of_ones": True,
    }
    whole, near = data.loc["n_cluster_mapping"], data.loc["n_cluster_mapping_near_100"]
    assert (whole["n"], near["n"]) == (6, 4)
    assert whole["delta_sigma8"] == pytest.approx(np.std(off, ddof=1))
    assert whole["bias"] == pytest.approx(0.1)
    assert near["delta_sigma8"] == pytest.approx(np.std([0.01, -0.01, 0.03, -0.03], ddof=1))
    assert near["bias"] == pytest.approx(0)
    assert 0 < near["error"] < near["delta_sigma8"]


def test_tab04_of_a_tiny_run_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    number = np.array([3, 4, 5, 6, 7, 8, 95])
    split = np.array([0, 0, 0, 0, 2, 2, 2], np.uint8)
    data = table4(np.linspace(0.7, 0.9, 7), split, number)
    assert np.isnan(data.loc["n_cluster_mapping_near_100", "delta_sigma8"])
    table = drawn("tab04", data.reset_index(), monkeypatch).set_index("Test case")
    assert table.loc["Standard", "Delta sigma8"] == "0.0200 ± 0.0010"
    assert table.loc["Standard", "Paper"] == "0.0212 ± 0.0009"
    assert table.loc["Standard", "Bias"] == "+0.0020 ± 0.0009"
    assert table.loc["N_cluster mapping, 90-109 clusters", "Delta sigma8"] == "-"
    assert table.loc["N_cluster mapping, 90-109 clusters", "Catalogs"] == "1"


def test_captions_say_what_they_must(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PAPER_FIGURES)
    for target in ("fig19", "fig20"):
        caption = importlib.import_module(target).CAPTION
        assert "stand-in for those of Singh et al. (2019)" in caption
        assert "D15" in caption


def test_reductions_start_without_keras() -> None:
    names = ["training.metrics", *(f"reductions.fig{number}" for number in (17, 19, 20)), "reductions.tab04"]
    modules = [f"encluster.{name}" for name in names]
    code = f"import sys, {', '.join(modules)}; assert not {{'keras', 'tensorflow', 'jax'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
