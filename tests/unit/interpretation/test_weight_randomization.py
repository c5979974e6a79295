"""Similarity of explanations: ranks against SciPy, weights that come back, and networks that must differ or not."""

import keras
import numpy as np
import pytest
from scipy.stats import spearmanr

from encluster.interpretation.integrated_gradients import median_cluster
from encluster.interpretation.weight_randomization import (
    ALONE,
    CASCADE,
    GRADIENTS,
    ONE_OUT,
    SALIENCY,
    explanations,
    layers_from_output,
    new_weights,
    other_networks,
    rank_correlation,
    similarities,
    weight_randomization,
)
from encluster.network.architecture import TINY
from encluster.network.model import build
from factories import made_up_features

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

FEATURES = made_up_features([20, 25, 30, 22, 18, 35, 1, 19])
CATALOGS = np.array([1, 2, 4, 5])
GIVEN = FEATURES, CATALOGS, median_cluster(FEATURES)
LAYERS = [
    "output",
    "dense_2",
    "dense_1",
    *(f"convolution_{k}" for k in (4, 3, 2, 1)),
    "terse",
    "repeated_2",
    "repeated_1",
]


def weights(model: keras.Model) -> list[np.ndarray]:
    return [np.array(variable) for variable in model.trainable_variables]


def test_rank_correlation_is_that_of_scipy_in_each_group() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], [40, 15, 30])
    x, y = rng.integers(0, 6, 85).astype(float), rng.normal(size=85)  # with equal values
    y += x
    expected = [spearmanr(x[group == g], y[group == g])[0] for g in range(3)]
    assert np.ptp(expected) > 0.01
    assert rank_correlation(x, y, group) == pytest.approx(np.mean(expected))
    # a group of equal values has no order
    x[group == 1] = 3
    assert rank_correlation(x, y, group) == pytest.approx((expected[0] + expected[2]) / 3)


def test_layers_come_from_the_output() -> None:
    assert layers_from_output(build(TINY)) == LAYERS


def test_weights_come_back_even_after_an_error() -> None:
    model = build(TINY, seed=2)
    before = weights(model)
    with new_weights(model, ["terse", "convolution_2"], seed=0, draw=0):
        changed = [not np.array_equal(one, other) for one, other in zip(before, weights(model), strict=True)]
        kernel = np.array(model.get_layer("encoder").get_layer("terse").weights[0])
    assert sum(changed) == 2  # two kernels; the biases are zero before a training
    assert np.abs(kernel).max() < np.sqrt(6 / 9)  # Glorot: 8 inputs, 1 output
    assert kernel.std() > 0.2
    with pytest.raises(RuntimeError), new_weights(model, LAYERS, seed=0, draw=1):
        raise RuntimeError
    for one, other in zip(before, weights(model), strict=True):
        np.testing.assert_array_equal(one, other)


def test_draws_differ_and_are_the_same_again() -> None:
    model, kernels = build(TINY), []
    for names, draw in ((["terse"], 0), (LAYERS, 0), (["terse"], 1)):
        with new_weights(model, names, seed=3, draw=draw):
            kernels.append(np.array(model.get_layer("encoder").get_layer("terse").weights[0]))
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[0], kernels[2])


def test_the_pictures_change_with_the_weights_that_make_them() -> None:
    model = build(TINY, seed=2)
    found = weight_randomization(model, *GIVEN, seed=1, n_draws=3)
    by_layer = {(row.method, row.change, row.layer, row.values): row for row in found}
    assert len(by_layer) == len(found) == 2 * 2 * (len(LAYERS) + 2 * 3)  # two changes, two kinds of values
    # maps depend on the encoder only
    assert {row.layer for row in found if row.method != ONE_OUT} == {"terse", "repeated_2", "repeated_1"}
    assert list(dict.fromkeys(row.layer for row in found)) == LAYERS
    for method in (SALIENCY, ONE_OUT):
        assert abs(by_layer[method, CASCADE, "repeated_1", "absolute"].similarity) < 0.5
    first = by_layer[ONE_OUT, CASCADE, "output", "signed"]
    alone = by_layer[ONE_OUT, ALONE, "output", "signed"]
    assert (first.similarity, first.error, first.n) == (alone.similarity, alone.error, 3)
    assert first.error > 0


def test_the_same_network_is_the_same_and_a_reversed_encoder_too() -> None:
    """The sign of the terse value means nothing, if the CNN reverses it again."""
    model, reversed_one = build(TINY, seed=2), build(TINY, seed=2)
    kernel, bias = reversed_one.get_layer("encoder").get_layer("terse").get_weights()
    reversed_one.get_layer("encoder").get_layer("terse").set_weights([-kernel, -bias])
    first = reversed_one.get_layer("aggregator").get_layer("convolution_1")
    kernel, bias = first.get_weights()
    kernel[:, 0] *= -1
    first.set_weights([kernel, bias])
    original = explanations(model, *GIVEN)
    assert np.abs(original[SALIENCY] + explanations(reversed_one, *GIVEN)[SALIENCY]).max() < 1e-6
    for row in other_networks(model, [model, reversed_one], *GIVEN, change="none"):
        # rounding may exchange two nearly equal values
        assert row.similarity == pytest.approx(1, abs=1e-3), row
        assert (row.change, row.layer, row.n) == ("none", "", 2)


def test_one_network_has_no_error_and_a_catalog_of_one_cluster_no_leave_one_out() -> None:
    given = FEATURES, np.array([1, 6]), GIVEN[2]
    found = other_networks(build(TINY, seed=2), [build(TINY, seed=3)], *given, change="other seed")
    assert [row.method for row in found[::2]] == [SALIENCY, GRADIENTS, ONE_OUT]
    assert all(np.isnan(row.error) and np.isfinite(row.similarity) for row in found)


def test_absolute_values_ignore_signs_that_signed_values_see() -> None:
    rng = np.random.default_rng(0)
    maps, terse = rng.normal(size=(30, 15)), rng.normal(size=30)
    change = rng.normal(size=30)
    one = {SALIENCY: maps, ONE_OUT: change, "terse": terse}
    flipped = {SALIENCY: maps * rng.choice([-1, 1], maps.shape), ONE_OUT: -change, "terse": terse}
    one[GRADIENTS], flipped[GRADIENTS] = one[SALIENCY], flipped[SALIENCY]
    found = similarities(one, flipped, np.array([10, 20]))
    assert found[SALIENCY, "absolute"] == pytest.approx(1)
    assert abs(found[SALIENCY, "signed"]) < 0.3
    assert (found[ONE_OUT, "absolute"], found[ONE_OUT, "signed"]) == pytest.approx((1, -1))
