"""The network of Table 3: its layers, its invariances, and equality with an unpadded twin. Runs on both backends."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from encluster.network.architecture import COMPACT, PAPER, TINY, Architecture
from encluster.network.batches import FixedBatches
from encluster.network.model import build, load_model, model_inputs, predict, terse_values
from encluster.network.settings import ArchitectureSettings
from factories import SIZES, made_up_features

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

PARAMETERS = 10_472_834  # section 3.1


def plain(model: keras.Model, architecture: Architecture, matrix: Any, supplementary: Any) -> Any:
    """One catalog through ordinary, unpadded Keras operations with the same weights: the slow twin."""
    weights = {v.path.rsplit("/", 2)[-2] + "/" + v.name: v for v in model.trainable_variables}

    def dense(values: Any, name: str, *, linear: bool) -> Any:
        values = values @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]
        return values if linear else ops.leaky_relu(values, architecture.leaky_slope)

    values, last = matrix, len(architecture.encoder)
    for k in range(1, last + 1):
        values = dense(values, f"repeated_{k}", linear=k == last)
    values = ops.concatenate([dense(values, "terse", linear=True), supplementary], axis=1)
    missing = max(0, 2 ** len(architecture.convolutions) - len(matrix))
    values = ops.pad(values, ((0, missing), (0, 0)))[None]
    pool = ops.average_pool if architecture.pooling == "mean" else ops.max_pool
    for k in range(1, len(architecture.convolutions) + 1):
        values = ops.conv(values, weights[f"convolution_{k}/kernel"], padding="same") + weights[f"convolution_{k}/bias"]
        values = pool(ops.leaky_relu(values, architecture.leaky_slope), 2, strides=2, padding="valid")
    values, last = ops.max(values, axis=1), len(architecture.dense)
    for k in range(1, last + 1):
        values = dense(values, f"dense_{k}", linear=k == last)
    return dense(values, "output", linear=True)[0, 0]


def value_and_gradients(outputs: Callable[[], Any], weight: np.ndarray, variables: list[Any]) -> tuple[Any, list[Any]]:
    """Outputs, and derivatives of their weighted sum by variables, on either backend."""
    if keras.backend.backend() == "jax":
        import jax

        def pure(values: list[Any]) -> Any:
            with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
                result = outputs()
            return ops.sum(result * weight), result

        # compiled, because JAX would otherwise compile every single operation of every size
        found, result = jax.jit(jax.grad(pure, has_aux=True))([v.value for v in variables])
        return np.asarray(result), [np.asarray(g) for g in found]
    import tensorflow as tf

    with tf.GradientTape() as tape:
        result = outputs()
        objective = ops.sum(result * weight)
    return np.asarray(result), [np.asarray(tf.convert_to_tensor(g)) for g in tape.gradient(objective, variables)]


@pytest.mark.parametrize("pooling", ["mean", "max"])
def test_slotted_equals_plain_in_values_and_gradients(pooling: str) -> None:
    architecture = replace(TINY, pooling=pooling)
    # JAX compiles the plain twin anew for each size
    sizes = [3, 15, 17, 100] if keras.backend.backend() == "jax" else SIZES
    features = made_up_features(sizes)
    model = build(architecture, seed=5, precision="float64")
    for k, variable in enumerate(model.trainable_variables):
        if variable.name == "bias":  # zero biases would hide rows that are not masked
            variable.assign(np.random.default_rng(k).normal(0, 0.3, variable.shape))
    (batch,) = FixedBatches(features.offset, np.arange(len(sizes)), len(sizes), architecture.levels)
    weight = np.random.default_rng(1).normal(size=len(sizes))

    def slotted_outputs() -> Any:
        return model(model_inputs(features, batch), training=False)[:, 0]

    def plain_outputs() -> Any:
        outputs = []
        for catalog in batch.catalogs:
            own = slice(*features.offset[catalog : catalog + 2])
            inputs = (ops.convert_to_tensor(x[own], "float64") for x in (features.matrix, features.supplementary))
            outputs.append(plain(model, architecture, *inputs))
        return ops.stack(outputs)

    variables = model.trainable_variables
    expected, theirs = value_and_gradients(plain_outputs, weight, variables)
    found, ours = value_and_gradients(slotted_outputs, weight, variables)
    assert np.ptp(expected) > 0.01
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    for variable, mine, other in zip(variables, ours, theirs, strict=True):
        assert np.abs(other).max() > 0, variable.path
        np.testing.assert_allclose(mine, other, rtol=1e-10, atol=1e-12, err_msg=variable.path)


def test_paper_has_the_published_number_of_parameters() -> None:
    model = build(PAPER)
    assert sum(int(np.prod(v.shape)) for v in model.trainable_variables) == PARAMETERS
    assert model.get_layer("encoder").count_params() == pytest.approx(2.8e6, rel=0.02)
    assert model.get_layer("aggregator").count_params() == pytest.approx(7.6e6, rel=0.02)


@pytest.mark.parametrize(("architecture", "count"), [(PAPER, PARAMETERS), (COMPACT, 292_322)])
def test_the_count_is_known_without_keras(architecture: Architecture, count: int) -> None:
    assert architecture.n_parameters() == count
    if architecture is not PAPER:
        assert build(architecture).count_params() == count
    forward = {"paper": 0.898e9, "compact": 0.0112e9}[architecture.name]  # measured for 135 clusters on average
    assert architecture.flops(135) == pytest.approx(forward, rel=0.05)


def test_a_terse_value_depends_on_its_own_cluster_alone() -> None:
    features = made_up_features([40, 30, 50])
    model = build(COMPACT, seed=2)
    before, sigma8 = terse_values(model, features.matrix), predict(model, features)
    perturbed = features.with_columns(matrix=features.matrix.copy())
    perturbed.matrix[60] += 0.5
    after = terse_values(model, perturbed.matrix)
    assert after[60] != before[60]
    np.testing.assert_array_equal(np.delete(after, 60), np.delete(before, 60))
    changed = predict(model, perturbed) != sigma8
    np.testing.assert_array_equal(changed, [False, True, False])
    assert np.ptp(before) > 1e-3
    np.testing.assert_allclose(terse_values(model, features.matrix[60:61]), before[60:61], rtol=1e-5)


def test_predictions_are_those_of_each_catalog_by_itself_in_any_order() -> None:
    features = made_up_features([*SIZES, *[20] * 40])
    model = build(TINY, seed=2)
    together = predict(model, features)
    chosen = np.array([7, 0, 49, 7])
    np.testing.assert_allclose(predict(model, features, chosen), together[chosen], rtol=1e-5)
    alone = [predict(model, features, np.array([k]))[0] for k in (0, 3, 9)]
    np.testing.assert_allclose(alone, together[[0, 3, 9]], rtol=1e-5)
    assert np.ptp(together) > 1e-4
    assert predict(model, features, np.array([], int)).shape == (0,)


def test_the_order_of_clusters_matters() -> None:
    features = made_up_features([60])
    model = build(TINY, seed=2)
    reversed_rows = features.with_columns(
        matrix=features.matrix[::-1].copy(), supplementary=features.supplementary[::-1].copy()
    )
    assert abs(predict(model, features) - predict(model, reversed_rows))[0] > 1e-5


def test_initial_weights_depend_on_the_seed_alone() -> None:
    first, again, other = (build(TINY, seed=seed) for seed in (1, 1, 2))
    for a, b in zip(first.trainable_variables, again.trainable_variables, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))
    assert not np.array_equal(np.asarray(first.trainable_variables[0]), np.asarray(other.trainable_variables[0]))
    kernel = np.asarray(first.get_layer("encoder").get_layer("repeated_1").kernel)
    assert np.abs(kernel).max() <= np.sqrt(6 / (15 + 16))  # Glorot


def test_a_saved_model_loads_in_safe_mode_and_predicts_the_same(tmp_path: Path) -> None:
    features = made_up_features(SIZES)
    model = build(TINY, seed=4)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(predict(load_model(tmp_path / "model.keras"), features), predict(model, features))


def test_a_model_of_the_other_backend_predicts_the_same() -> None:
    folder = os.environ.get("ENCLUSTER_TEST_OTHER_BACKEND")
    if folder is None:
        pytest.skip("test_network_backends.py runs this one, on the other backend")
    model = load_model(Path(folder) / "model.keras")
    for there, here in zip(model.trainable_variables, build(TINY, seed=4).trainable_variables, strict=True):
        np.testing.assert_array_equal(np.asarray(there), np.asarray(here), "initial weights depend on the backend")
    predicted = predict(model, made_up_features(SIZES))
    np.testing.assert_allclose(predicted, np.load(Path(folder) / "predicted.npy"), rtol=1e-6)


def test_a_damaged_model_file_is_one_line(tmp_path: Path) -> None:
    build(TINY).save(tmp_path / "model.keras")
    whole = (tmp_path / "model.keras").read_bytes()
    (tmp_path / "model.keras").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"model\.keras: not a readable model of encluster \(truncated; ") as caught:
        load_model(tmp_path / "model.keras")
    assert "\n" not in str(caught.value)
    (tmp_path / "model.keras").write_text("a network, they said")
    with pytest.raises(ValueError, match=r"model\.keras: .*not a \.keras file"):
        load_model(tmp_path / "model.keras")


def test_a_catalog_without_clusters_is_an_error() -> None:
    with pytest.raises(ValueError, match="catalog 1 has no clusters"):
        predict(build(TINY), made_up_features([5, 0, 5]))


def test_other_widths_of_the_inputs() -> None:
    model = build(TINY, n_features=5, n_supplementary=1)
    features = made_up_features([20, 30], width=5)
    features = features.with_columns(supplementary=features.supplementary[:, :1])
    assert np.isfinite(predict(model, features)).all()
    assert model.count_params() == TINY.n_parameters(5, 1)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"size": "huge"}, r"^size = 'huge': must be one of paper, compact, tiny"),
        ({"size": "tiny", "poling": "max"}, r"^key 'poling' is not known; did you mean 'pooling'"),
        ({"size": "tiny", "pooling": "median"}, r"^pooling = 'median': must be one of mean, max"),
        ({"size": "tiny", "leaky_slope": 1.5}, r"^leaky_slope = 1\.5: must be below 1"),
        ({"size": "tiny", "leaky_slope": "a"}, r"^leaky_slope = 'a': must be of type number"),
    ],
)
def test_bad_architectures_say_what_is_wrong(spec: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ArchitectureSettings(**spec)
    assert ArchitectureSettings(size="tiny", pooling="max").architecture.pooling == "max"
