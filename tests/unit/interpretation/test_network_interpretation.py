"""Saliency and leave-one-out against finite differences, the naive way, and networks with known answers."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from encluster.interpretation import leave_one_out as leaving
from encluster.interpretation import saliency as mapping
from encluster.interpretation.leave_one_out import leave_one_out
from encluster.interpretation.saliency import saliency
from encluster.network.architecture import TINY
from encluster.network.compiled import compiled
from encluster.network.feature_set import FeatureSet
from encluster.network.model import build, predict, terse_values
from factories import made_up_features

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

# around 2**4 rows, which the CNN needs at least; longer than the 61 clusters that one last row sees
SIZES = [1, 2, 15, 16, 17, 18, 40, 130]


def with_random_biases(model: keras.Model) -> keras.Model:
    for k, variable in enumerate(model.trainable_variables):
        if variable.name == "bias":  # zero biases would hide rows that are not masked
            variable.assign(np.random.default_rng(k).normal(0, 0.3, variable.shape))
    return model


def naive(model: keras.Model, features: FeatureSet, indices: list[int]) -> np.ndarray:
    """Remove each row in turn and predict what is left: the slow twin."""
    kept = []
    for catalog in indices:
        own = np.arange(*features.offset[catalog : catalog + 2])
        kept += [np.delete(own, k) for k in range(len(own)) if len(own) > 1]
    shorter = FeatureSet.made(
        matrix=features.matrix[np.concatenate(kept)],
        supplementary=features.supplementary[np.concatenate(kept)],
        offset=np.cumsum([0, *map(len, kept)]),
        scaling=features.scaling,
        source="made up",
    )
    found = iter(predict(model, shorter))
    n = features.n_clusters[indices]
    return np.array([next(found) if size > 1 else np.nan for size in n for _ in range(size)])


@pytest.mark.parametrize(("pooling", "n_supplementary"), [("mean", 2), ("max", 2), ("mean", 0)])
def test_leaving_one_out_equals_the_naive_way(
    pooling: str, n_supplementary: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "_CLUSTERS", 60)  # several calls, one of them with a catalog that is larger
    features = made_up_features(SIZES)
    features = features.with_columns(supplementary=features.supplementary[:, :n_supplementary])
    model = with_random_biases(build(replace(TINY, pooling=pooling), n_supplementary=n_supplementary, seed=5))
    indices = [7, 0, 3, 1, 2, 6, 5, 4]
    found, expected = leave_one_out(model, features, np.array(indices)), naive(model, features, indices)
    assert np.isnan(expected).sum() == 1
    before = np.repeat(predict(model, features, indices), features.n_clusters[indices])
    assert np.nanmedian(np.abs(expected - before)) > 1e-5
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-7)


def test_leaving_out_of_no_catalog_is_nothing() -> None:
    assert leave_one_out(build(TINY), made_up_features([5, 6]), np.array([], int)).shape == (0,)


def reads_the_first_pixel(model: keras.Model) -> keras.Model:
    """Weights with which, for positive pixels, the output is the largest mean of the first pixel over 16 rows."""
    for variable in model.trainable_variables:
        value = np.zeros(variable.shape)
        if variable.name == "kernel" and value.ndim == 3:
            value[1, 0, 0] = 1  # of the rows i - 1 to i + 2 the row i itself
        elif variable.name == "kernel":
            value[0, 0] = 1
        variable.assign(value)
    return model


def test_leaving_one_out_of_a_network_with_a_known_answer() -> None:
    features = made_up_features([100])
    pixel = features.matrix[:, 0].astype(np.float64)
    expected = []
    for k in range(100):
        left = np.delete(pixel, k)[:96]  # an incomplete sixteen is forgotten
        expected.append(features.to_sigma8(left.reshape(6, 16).mean(axis=1).max()))
    found = leave_one_out(reads_the_first_pixel(build(TINY)), features, np.array([0]))
    assert len(np.unique(np.round(expected, 6))) > 10
    np.testing.assert_allclose(found, expected, atol=2e-7)


def test_saliency_equals_central_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "_BLOCK", 16)
    matrix = made_up_features([40]).matrix.astype(np.float64)
    model = with_random_biases(build(TINY, seed=3, precision="float64"))
    encode, step = compiled(model.get_layer("encoder")), 1e-6
    expected = np.empty_like(matrix)
    for column in range(matrix.shape[1]):
        moved = step * (np.arange(matrix.shape[1]) == column)
        expected[:, column] = (encode([matrix + moved]) - encode([matrix - moved]))[:, 0] / (2 * step)
    found = saliency(model, matrix)
    assert (found > 0.01).any()
    assert (found < -0.01).any()
    assert np.ptp(found, axis=0).max() > 0.01, "a leaky ReLU switches somewhere"
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_saliency_of_a_linear_encoder_is_the_product_of_its_matrices() -> None:
    model = build(TINY, seed=3)
    product = np.eye(15)
    for variable in model.get_layer("encoder").trainable_variables:
        if variable.name == "bias":
            variable.assign(np.full(variable.shape, 50.0))  # where leaky ReLU is the identity
        else:
            product = product @ np.asarray(variable)
    found = saliency(model, made_up_features([30]).matrix)
    assert np.abs(product).max() > 0.05
    np.testing.assert_allclose(found, np.tile(product[:, 0], (30, 1)), atol=1e-6)


def test_any_model_with_one_number_per_row_is_an_encoder() -> None:
    """Of 3 x - 2 y the saliency is (3, -2) in each row, whatever the names of model and layers."""
    rows = keras.Input((2,))
    mine = keras.Model(rows, keras.layers.Dense(1)(rows))
    mine.layers[-1].set_weights([np.array([[3.0], [-2.0]]), np.array([0.5])])
    table = np.random.default_rng(1).normal(size=(5, 2)).astype(np.float32)
    assert terse_values(mine, table) == pytest.approx(table @ [3.0, -2.0] + 0.5, rel=1e-5)
    assert saliency(mine, table) == pytest.approx(np.tile([3.0, -2.0], (5, 1)))


def test_a_model_that_is_no_encoder_is_refused() -> None:
    rows = keras.Input((2,))
    two = keras.Model(rows, keras.layers.Dense(2)(rows), name="two")
    for function in (terse_values, saliency):
        with pytest.raises(ValueError, match=r"model 'two': has inputs \[\(None, 2\)\] and outputs \[\(None, 2\)\]"):
            function(two, np.zeros((3, 2), np.float32))
