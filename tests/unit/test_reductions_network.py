"""The numbers behind the figures of the network and of what it looks at, from inputs whose answer is known."""

import importlib
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import summarize
from encluster.network.inputs import TESTING, FeatureSet
from encluster.network.model import TINY, build, layer_table
from encluster.paper.published import N_PARAMETERS
from encluster.reductions import ensemble, fig04, fig05, fig06, fig10, tab03
from encluster.reductions.sample import sample_of_testing
from factories import of_pixels

ROOT = Path(__file__).parents[2]
WIDTH = 15


def feature_set(sizes: list[int], split: list[int]) -> FeatureSet:
    offset = np.concatenate([[0], np.cumsum(sizes)])
    n = int(offset[-1])
    return FeatureSet.made(
        matrix=np.random.default_rng(1).random((n, WIDTH)).astype(np.float32),
        supplementary=np.zeros((n, 2), np.float32),
        offset=offset,
        sigma8=np.linspace(0.7, 0.9, len(sizes)),
        label=np.linspace(0, 1, len(sizes)),
        split=np.array(split, np.uint8),
        cluster=np.arange(n),
        scaling={"sigma8": (0.7, 0.9)},
        source="test",
    )


def interpretation(log_m: np.ndarray, sizes: list[int], seed: int = 0) -> ClusterCatalogs:
    """An encoder whose saliency is 0.1 (feature + 1), of either sign, halved above 10^14.5 Msun/h."""
    rng = np.random.default_rng(seed)
    n = len(log_m)
    saliency = 0.1 * np.arange(1, WIDTH + 1) * np.where(log_m > 14.5, 0.5, 1.0)[:, None]
    columns = {
        "catalog": np.arange(len(sizes)),
        "sigma8_predicted": np.linspace(0.75, 0.85, len(sizes)),
        "log_m500c": log_m.astype(np.float32),
        "saliency": of_pixels(saliency * rng.choice([-1, 1], (n, WIDTH))),
        "sigma8_one_out": np.repeat(np.linspace(0.75, 0.85, len(sizes)), sizes),
    }
    return ClusterCatalogs.of("interpretation", columns, offset=np.concatenate([[0], np.cumsum(sizes)]))


def test_the_sample_is_spread_over_the_number_of_clusters() -> None:
    sizes = list(range(1, 102)) + [500] * 3
    split = [TESTING] * 101 + [0, 1, 0]
    features = feature_set(sizes, split)
    # of 1 ... 101 the 5th and the 95th percentile are 6 and 96
    assert features.n_clusters[sample_of_testing(features)].tolist() == [6, 36, 66, 96]


def test_the_sample_repeats_no_catalog_and_may_be_small() -> None:
    equal = feature_set([5] * 6, [TESTING] * 6)
    assert sorted(sample_of_testing(equal)) == [0, 1, 2, 3]
    few = feature_set([9, 5, 7], [TESTING, 0, TESTING])
    assert sample_of_testing(few).tolist() == [2, 0]


def test_figs_6_and_10_show_the_same_catalogs() -> None:
    features = feature_set([4, 9, 6, 3], [TESTING, 0, TESTING, TESTING])
    inputs = fig06.reduce(features)
    assert list(inputs["catalog"].unique()) == [3, 0, 2]
    pixel = inputs[(inputs["catalog"] == 2) & (inputs["row"] == 5) & (inputs["feature"] == 11)]
    assert pixel["value"].item() == pytest.approx(features.matrix[4 + 9 + 5, 11], abs=1e-5)
    assert pixel["sigma8"].item() == features.sigma8[2]

    saliency = np.arange(13 * WIDTH).reshape(13, WIDTH) * np.where(np.arange(13) % 2, 1, -1)[:, None]
    columns = {"catalog": np.array([0, 2, 3]), "saliency": of_pixels(saliency)}
    found = ClusterCatalogs.of("interpretation", columns, offset=np.array([0, 4, 10, 13]))
    maps = fig10.reduce(found, features)
    keys = ["catalog", "sigma8", "row", "feature"]
    pd.testing.assert_frame_equal(maps[keys], inputs[keys])
    pixel = maps[(maps["catalog"] == 2) & (maps["row"] == 4) & (maps["feature"] == 3)]
    assert pixel["value"].item() == (4 + 4) * WIDTH + 3  # positive, though the derivative is not
    with pytest.raises(ValueError, match="catalog 3 has 0 clusters there, 3 in the features"):
        fig10.reduce(found.with_columns(catalog=np.array([0, 2, 1])), features)


def test_figs_4_and_5_have_the_sizes_of_the_real_layers() -> None:
    table = pd.DataFrame(layer_table(build(TINY)))
    boxes = fig05.reduce(table)
    widths = boxes.groupby("part", sort=False)["width"].apply(list).to_dict()
    cnn = [width for filters in TINY.convolutions for width in (filters, filters)]
    assert widths == {
        "input": [15],
        "encoder": list(TINY.encoder),
        "terse": [1],
        "supplementary": [2],
        "concatenation": [3],
        "cnn": [*cnn, TINY.convolutions[-1], *TINY.dense],
        "output": [1],
    }
    assert boxes["parameters"].sum() == TINY.n_parameters()
    heights = boxes.loc[boxes["part"] == "cnn", "height"].tolist()
    assert heights == [1, 1 / 2, 1 / 2, 1 / 4, 1 / 4, 1 / 8, 1 / 8, 1 / 16, *[0] * (1 + len(TINY.dense))]
    assert (boxes.loc[boxes["part"].isin(["input", "encoder", "terse"]), "height"] == 1).all()
    layers = fig04.layers(table)
    assert layers["width"].tolist() == [15, *TINY.encoder, 1, *TINY.encoder[::-1], 15]
    assert layers["part"].tolist() == ["input", "encoder", "encoder", "terse", "decoder", "decoder", "output"]


def test_fig05_is_the_papers_network() -> None:
    boxes = fig05.reduce(tab03.reduce())
    assert boxes["parameters"].sum() == N_PARAMETERS.value
    by_part = boxes.groupby("part")["parameters"].sum()
    # section 3.1: about 2.8 and 7.6 million
    assert by_part["encoder"] == pytest.approx(2.8e6, rel=0.02)
    assert by_part["cnn"] == pytest.approx(7.6e6, rel=0.02)


@pytest.mark.parametrize("name", ["fig04", "fig05", "fig06", "fig10"])
def test_a_run_of_three_clusters_can_be_drawn(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    matplotlib.use("Agg")
    monkeypatch.syspath_prepend(ROOT / "paper_figures")
    features = feature_set([2, 1], [TESTING, TESTING])
    found = interpretation(np.array([13.7, 14.9, 14.3]), [2, 1])
    data = {
        "fig04": lambda: pd.DataFrame({"part": ["input", "encoder", "terse", "decoder", "output"], "width": 4}),
        "fig05": lambda: fig05.reduce(pd.DataFrame(layer_table(build(TINY)))),
        "fig06": lambda: fig06.reduce(features),
        "fig10": lambda: fig10.reduce(found, features),
    }[name]()
    if name == "fig04":
        signal = pd.DataFrame({"part": "signal", "sample": range(4), "signal": [0, 1, 0, 1], "approximation": 0.5})
        data = pd.concat([data, signal], ignore_index=True)
    path = tmp_path / f"{name}.csv"
    data.to_csv(path, index=False)
    figure = importlib.import_module(name).make(pd.read_csv(path))
    figure.savefig(tmp_path / f"{name}.png")
    matplotlib.pyplot.close(figure)
    assert (tmp_path / f"{name}.png").stat().st_size > 5000


def test_the_ensemble_has_a_row_per_seed() -> None:
    found = interpretation(np.array([13.7, 14.9, 14.3]), [2, 1])
    found.catalog("sigma8_predicted")[:] = 0.8
    found["sigma8_one_out"][:] = [0.801, 0.795, np.nan]
    members = {}
    for seed in (1, 2):
        scatter = {"value": 0.02 + seed / 1000, "error": 0.001, "bias": 0.0, "n": 2}
        name = "standard" if seed == 1 else f"standard_{seed}"
        members |= {
            f"provenance_{name}": {
                "seed": seed,
                "best_epoch": 7,
                "delta_sigma8": scatter,
                "predicts_constant": seed == 2,
            },
            f"interpretation_{name}": found,
            f"audit_{name}": {"verdict": "passes"},
        }
    table = ensemble.reduce(**members).set_index("model")
    assert table["delta_sigma8"].to_dict() == pytest.approx({"standard": 0.021, "standard_2": 0.022})
    assert table["verdict"].tolist() == ["passes", "predicts a constant"]
    assert table["one_out_low"].tolist() == pytest.approx([0.001, 0.001])
    assert table["one_out_high"].tolist() == pytest.approx([-0.005, -0.005])  # the one that left nothing is not counted
    summary = summarize(found)
    assert table["gas_over_temperature"].iloc[0] == summary.m_gas.mean / summary.temperature.mean
