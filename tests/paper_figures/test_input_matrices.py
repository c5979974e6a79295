"""Matrices of test catalogs, Figures 6 and 10."""

import numpy as np
import pandas as pd
import pytest

import fig06
import fig10
from encluster.catalogs import ClusterCatalogs
from encluster.network.feature_set import FeatureSet
from encluster.network.split import TESTING
from factories import of_pixels
from harness import drawn
from input_matrices import sample_of_test_set

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


def saliency_of(sizes: list[int], catalogs: list[int]) -> ClusterCatalogs:
    n = sum(sizes)
    saliency = np.arange(n * WIDTH).reshape(n, WIDTH) * np.where(np.arange(n) % 2, 1, -1)[:, None]
    columns = {"catalog": np.array(catalogs), "saliency": of_pixels(saliency)}
    columns["integrated_gradients"] = of_pixels(np.abs(saliency)[:, ::-1])
    return ClusterCatalogs.of("interpretation", columns, offset=np.concatenate([[0], np.cumsum(sizes)]))


def test_the_sample_is_spread_over_the_number_of_clusters() -> None:
    sizes = list(range(1, 102)) + [500] * 3
    split = [TESTING] * 101 + [0, 1, 0]
    features = feature_set(sizes, split)
    # of 1 ... 101 the 5th and the 95th percentile are 6 and 96
    assert features.n_clusters[sample_of_test_set(features)].tolist() == [6, 36, 66, 96]


def test_the_sample_repeats_no_catalog_and_may_be_small() -> None:
    equal = feature_set([5] * 6, [TESTING] * 6)
    assert sorted(sample_of_test_set(equal)) == [0, 1, 2, 3]
    few = feature_set([9, 5, 7], [TESTING, 0, TESTING])
    assert sample_of_test_set(few).tolist() == [2, 0]


def test_figs_6_and_10_show_the_same_catalogs() -> None:
    features = feature_set([4, 9, 6, 3], [TESTING, 0, TESTING, TESTING])
    inputs = fig06.reduce(features)
    assert list(inputs["catalog"].unique()) == [3, 0, 2]
    pixel = inputs[(inputs["catalog"] == 2) & (inputs["row"] == 5) & (inputs["feature"] == 11)]
    assert pixel["value"].item() == pytest.approx(features.matrix[4 + 9 + 5, 11], abs=1e-5)
    assert pixel["sigma8"].item() == features.sigma8[2]

    found = saliency_of([4, 6, 3], [0, 2, 3])
    table = fig10.reduce({"standard": found}, features)
    maps = table[(table["panel"] == "map") & (table["method"] == "gradient")]
    keys = ["catalog", "sigma8", "row", "feature"]
    pd.testing.assert_frame_equal(maps[keys].astype(inputs[keys].dtypes), inputs[keys])
    pixel = maps[(maps["catalog"] == 2) & (maps["row"] == 4) & (maps["feature"] == 3)]
    # positive, though the derivative is not; that of T is 15 times the row, 0 ... 12
    assert pixel["value"].item() == pytest.approx(((4 + 4) * WIDTH + 3) / (6 * WIDTH), abs=1e-5)
    with pytest.raises(ValueError, match="catalog 3 has 0 clusters there, 3 in the features"):
        fig10.reduce({"standard": found.with_columns(catalog=np.array([0, 2, 1]))}, features)


def test_fig10_compares_networks_of_any_scale_by_each_method() -> None:
    features = feature_set([9, 4, 6], [TESTING] * 3)
    first = saliency_of([9, 4, 6], [0, 1, 2])
    scaled = first.with_columns(**{name: -7 * first[name] for name in ("saliency", "integrated_gradients")})
    moved = np.roll(first["saliency"], 1, axis=1) + 1
    table = fig10.reduce({"a": first, "b": scaled, "c": first.with_columns(saliency=moved)}, features)
    assert set(table.loc[table["panel"] == "map", "network"]) == {"a"}
    means = table[table["panel"] == "mean"].pivot(index="feature", columns=["method", "network"], values="value")
    assert (means.loc[0] == 1).all()  # T
    for method in ("gradient", "integrated gradients"):
        assert means[method, "a"].tolist() == pytest.approx(means[method, "b"].tolist(), abs=2e-6)
    assert abs(means["gradient", "a"] - means["gradient", "c"]).max() > 0.05
    assert abs(means["gradient", "a"] - means["integrated gradients", "a"]).max() > 0.05
    *_, gradient, integrated = (axes for axes in drawn(fig10.draw, table).axes if axes.get_title() in means.columns)
    # three quantities: a line for each of three networks, and their mean
    assert [sum(len(line.get_xdata()) > 0 for line in axes.get_lines()) for axes in (gradient, integrated)] == [14, 14]


def test_panels_are_in_order_of_their_heights_and_share_one_scale() -> None:
    features = feature_set([9, 4, 6], [TESTING] * 3)
    for figure in (
        drawn(fig06.draw, fig06.reduce(features)),
        drawn(fig10.draw, fig10.reduce({"standard": saliency_of([9, 4, 6], [0, 1, 2])}, features)),
    ):
        panels = figure.axes[:3]
        assert [axes.images[0].get_array().shape for axes in panels] == [(4, WIDTH), (6, WIDTH), (9, WIDTH)]
        assert {axes.get_ylim() for axes in panels} == {(8.5, -0.5)}


def test_catalogs_of_one_and_two_clusters_are_drawn() -> None:
    features = feature_set([2, 1], [TESTING, TESTING])
    drawn(fig06.draw, fig06.reduce(features))
    drawn(fig10.draw, fig10.reduce({"standard": saliency_of([2, 1], [0, 1])}, features))
