"""Integrated gradients: networks whose answer is known, and the check of the sum."""

import keras
import numpy as np
import pytest
from keras import layers

from encluster.interpretation.integrated_gradients import LIMIT, STEPS, integrated_gradients, median_cluster
from encluster.network.architecture import TINY
from encluster.network.model import build, terse_values
from factories import made_up_features

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

TABLE = np.random.default_rng(1).normal(size=(200, 2)).astype(np.float32)
BASELINE = np.array([0.3, -0.2], np.float32)


def test_of_a_linear_model_they_are_weight_times_difference() -> None:
    rows = keras.Input((2,))
    model = keras.Model(rows, layers.Dense(1)(rows))
    model.layers[-1].set_weights([np.array([[3.0], [-2.0]]), np.array([0.5])])
    found = integrated_gradients(model, TABLE, BASELINE)
    np.testing.assert_allclose(found.values, (TABLE - BASELINE) * [3.0, -2.0], atol=1e-5)
    assert found.violation < 1e-5


def test_of_a_product_each_factor_gets_what_the_integral_says() -> None:
    """Of x y between (a, b) and (x, y) the integral for x is (x - a) (y + b) / 2, which the midpoint rule finds."""
    rows = keras.Input((2,))
    model = keras.Model(rows, layers.Dot(axes=1)([rows[:, :1], rows[:, 1:]]))
    found = integrated_gradients(model, TABLE, BASELINE, steps=1)
    expected = (TABLE - BASELINE) * (TABLE + BASELINE)[:, ::-1] / 2
    assert np.abs(expected - TABLE * TABLE[:, ::-1]).max() > 0.1, "gradient times input is something else"
    np.testing.assert_allclose(found.values, expected, atol=1e-5)


def test_the_sum_over_pixels_is_the_change_of_the_terse_value() -> None:
    features = made_up_features([40] * 12)
    model, baseline = build(TINY, seed=3), median_cluster(features)
    found = integrated_gradients(model, features.matrix, baseline)
    terse = terse_values(model, features.matrix)
    rise = terse - terse_values(model, baseline[None])
    assert np.ptp(rise) > 0.1
    worst = np.abs(found.values.sum(axis=1) - rise).max()
    assert found.violation == pytest.approx(worst / terse.std(), rel=1e-4)
    assert (found.steps, found.violation < LIMIT) == (STEPS, True)


def test_too_few_steps_are_doubled() -> None:
    rows = keras.Input((2,))
    steep = keras.Model(
        rows, layers.Dense(1, activation="tanh", kernel_initializer=keras.initializers.Constant(8))(rows)
    )
    found = integrated_gradients(steep, TABLE, BASELINE, steps=1)
    assert found.steps > 4
    assert 0 < found.violation < LIMIT


def test_a_model_without_a_useful_derivative_is_an_error() -> None:
    rows = keras.Input((2,))
    infinitely_steep = keras.initializers.Constant(1e7)
    step = keras.Model(rows, layers.Dense(1, activation="tanh", kernel_initializer=infinitely_steep)(rows))
    with pytest.raises(ValueError, match=r"integrated gradients: their sum misses .* with 2048 steps"):
        integrated_gradients(step, TABLE[:20], BASELINE)


def test_a_constant_encoder_has_none() -> None:
    """As that of Array of Ones: all clusters are the baseline."""
    found = integrated_gradients(build(TINY), np.ones((30, 15), np.float32), np.ones(15, np.float32))
    assert not found.values.any()
    assert found.violation == 0


def test_the_baseline_is_the_median_of_the_training_set() -> None:
    features = made_up_features([3, 4, 5, 6, 7, 8])
    rows = features.owner
    training = np.isin(rows, [0, 1, 3, 5])
    np.testing.assert_allclose(median_cluster(features), np.median(features.matrix[training], axis=0))
    # other catalogs do not matter
    other = features.matrix.copy()
    other[~training] = 9
    np.testing.assert_array_equal(median_cluster(features.with_columns(matrix=other)), median_cluster(features))
