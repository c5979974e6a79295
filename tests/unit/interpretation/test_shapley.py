"""Shapley values against all permutations of a few clusters, each predicted by itself."""

from itertools import permutations

import keras
import numpy as np
import pytest

from encluster.interpretation.leave_one_out import leave_one_out
from encluster.interpretation.shapley import shapley_values, terms_of_permutations
from encluster.network.architecture import TINY
from encluster.network.feature_set import FeatureSet
from encluster.network.model import build, predict
from factories import made_up_features

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

CATALOG = 4  # of the testing set


def network() -> keras.Model:
    """Biases are not zero: they would hide rows that are not masked."""
    model = build(TINY, seed=5)
    for k, variable in enumerate(model.trainable_variables):
        if variable.name == "bias":
            variable.assign(np.random.default_rng(k).normal(0, 0.3, variable.shape))
    return model


def exact(model: keras.Model, features: FeatureSet, *, first: int) -> np.ndarray:
    """Every permutation in turn, with a catalog of its own for each of its parts: the slow twin."""
    own = features.rows([CATALOG])
    nothing = features.sigma8[features.split == 0].mean()
    values: dict[tuple[int, ...], float] = {}

    def value(members: tuple[int, ...]) -> float:
        if members not in values:
            rows = own[sorted(members)]
            part = FeatureSet.made(
                matrix=features.matrix[rows],
                supplementary=features.supplementary[rows],
                offset=np.array([0, len(rows)]),
                scaling=features.scaling,
                source="made up",
            )
            values[members] = float(predict(model, part)[0])
        return values[members]

    orders = list(permutations(range(len(own))))
    total = np.zeros(len(own))
    for order in orders:
        before = nothing
        start = tuple(sorted(order[:first]))
        total[list(start)] += (value(start) - nothing) / first
        before = value(start)
        for k in range(first, len(order)):
            after = value(tuple(sorted(order[: k + 1])))
            total[order[k]] += after - before
            before = after
    return total / len(orders)


@pytest.fixture(scope="module")
def features() -> FeatureSet:
    return made_up_features([9, 8, 7, 9, 5, 6])


@pytest.mark.parametrize("first", [1, 3, 5])
def test_all_permutations_give_the_exact_values(features: FeatureSet, first: int) -> None:
    model = network()
    nothing = float(features.sigma8[features.split == 0].mean())
    orders = np.array(list(permutations(range(5))))
    found = terms_of_permutations(model, features, CATALOG, orders, nothing=nothing, first=first).mean(axis=0)
    expected = exact(model, features, first=first)
    assert np.ptp(expected) > 1e-5 or first == 5
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-7)


def test_sampled_permutations_agree_within_their_errors(features: FeatureSet) -> None:
    model = network()
    found = shapley_values(model, features, CATALOG, rng=np.random.default_rng(0), n_permutations=60, first=1)
    expected = exact(model, features, first=1)
    off = (found.values - expected) / found.errors
    assert (found.errors > 1e-7).all()
    assert np.abs(off).max() < 4
    assert np.abs(off).max() > 0.01, "60 of 120 permutations are a sample"


def test_they_add_up_to_the_prediction() -> None:
    """In large catalogs too, in every permutation; without a cluster the prediction is the mean of the training set."""
    features = made_up_features([40, 30, 50, 35, 61, 45])
    model = network()
    found = shapley_values(model, features, CATALOG, rng=np.random.default_rng(1), n_permutations=8)
    assert found.first == 30  # the smallest catalog of the training set
    assert found.nothing == pytest.approx(features.sigma8[[0, 1, 3, 5]].mean())
    assert found.whole == pytest.approx(predict(model, features, np.array([CATALOG]))[0], abs=1e-7)
    assert found.values.sum() == pytest.approx(found.whole - found.nothing, abs=1e-7)


def test_the_last_term_of_a_permutation_is_leave_one_out() -> None:
    features = made_up_features([40, 30, 50, 35, 37, 45])
    model = network()
    n = int(features.n_clusters[CATALOG])
    last = np.arange(n)
    orders = np.stack([np.append(np.delete(last, k), k) for k in last])  # each cluster comes last once
    terms = terms_of_permutations(model, features, CATALOG, orders, nothing=0.8, first=30)
    whole = predict(model, features, np.array([CATALOG]))[0]
    expected = whole - leave_one_out(model, features, np.array([CATALOG]))
    assert np.ptp(expected) > 1e-5
    np.testing.assert_allclose(terms[last, last], expected, rtol=0, atol=3e-7)


def test_clusters_with_the_same_role_share_equally(features: FeatureSet) -> None:
    """A network that always gives the same sigma8: each cluster has the same share of the way from the mean."""
    model = build(TINY, seed=5)
    for variable in model.trainable_variables:
        variable.assign(np.zeros(variable.shape))
    found = shapley_values(model, features, CATALOG, rng=np.random.default_rng(0), n_permutations=4, first=5)
    assert found.values == pytest.approx(np.full(5, (0.70 - found.nothing) / 5))
    assert found.errors == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("number", [2, 5])
def test_permutations_come_in_at_least_two_pairs(features: FeatureSet, number: int) -> None:
    with pytest.raises(ValueError, match=f"shapley: {number} permutations, expected an even number of at least 4"):
        shapley_values(build(TINY), features, CATALOG, rng=np.random.default_rng(0), n_permutations=number)
