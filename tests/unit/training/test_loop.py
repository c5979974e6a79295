"""Training: recipes, selection, checkpoints. Runs on both backends."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from encluster.network.backend import backend_name, configure
from encluster.network.batches import MixedBatches
from encluster.network.feature_set import FeatureSet
from encluster.network.model import build, predict
from encluster.network.split import TESTING, TRAINING, VALIDATION
from encluster.training.backends import Ensemble, ensemble_of
from encluster.training.checkpoints import (
    FILE,
    Checkpoint,
    Progress,
    load_checkpoint,
    remove_checkpoint,
    save_checkpoint,
)
from encluster.training.duration import describe_plan
from encluster.training.loop import StoppedError, Trained, predictions, train, train_together
from encluster.training.metrics import delta_sigma8, predicts_constant
from encluster.training.recipes import TrainingSpec, shortened, training_spec
from factories import configuration, made_up_features

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

TINY = {"size": "tiny"}
MODERN = {"recipe": "modern", "epochs": 4, "batch_size": 8, "learning_rate": 0.01, "checkpoint_seconds": 0}
PLAIN = {"recipe": "paper", "epochs": 4, "select_from_epoch": 3, "batch_size": 8, "checkpoint_seconds": 0}


class PowerCutError(Exception):
    """Ends a training at once."""


def _spec(training: dict[str, Any], **changes: Any) -> TrainingSpec:
    return training_spec({"seed": 3, "architecture": TINY, "training": {**training, **changes}})


@pytest.fixture(scope="module")
def features() -> FeatureSet:
    return made_up_features(np.random.default_rng(1).integers(3, 24, 90).tolist())


def _weights(trained: Trained) -> list[np.ndarray]:
    return [np.asarray(v) for v in trained.model.trainable_variables]


def _assert_same(first: Trained, second: Trained) -> None:
    np.testing.assert_array_equal(first.history[:, :-1], second.history[:, :-1])  # all but the seconds
    assert (first.best_epoch, first.best_validation_mse) == (second.best_epoch, second.best_validation_mse)
    for a, b in zip(_weights(first), _weights(second), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.fixture(scope="module")
def straight(features: FeatureSet) -> Trained:
    """A training that nothing disturbed."""
    return train(features, _spec(MODERN))


def test_a_seed_trains_to_the_same_bits_again(features: FeatureSet, straight: Trained) -> None:
    _assert_same(straight, train(features, _spec(MODERN)))
    other = train(features, replace(_spec(MODERN), seed=4))
    assert not np.array_equal(other.history[:, :-1], straight.history[:, :-1])


@pytest.mark.parametrize("training", [MODERN, PLAIN], ids=["modern", "paper"])
def test_an_interrupted_training_resumes_to_the_same_history(
    features: FeatureSet, straight: Trained, tmp_path: Path, training: dict[str, Any]
) -> None:
    expected = straight if training is MODERN else train(features, _spec(training))

    def cut(line: str) -> None:
        if line.startswith("epoch 2/"):
            raise PowerCutError

    with pytest.raises(PowerCutError):
        train(features, _spec(training), checkpoint=tmp_path, report=cut)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    with np.load(tmp_path / FILE, allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)
    lines: list[str] = []
    # writing fewer checkpoints is no other training
    resumed = train(features, _spec(training, checkpoint_seconds=99), checkpoint=tmp_path, report=lines.append)
    assert resumed.resumed_from == 2
    assert lines[0].startswith("resuming after epoch 2")
    _assert_same(expected, resumed)


SEEDS = [3, 8]


@pytest.mark.parametrize("training", [MODERN, PLAIN], ids=["modern", "paper"])
def test_seeds_side_by_side_are_single_trainings(
    features: FeatureSet, straight: Trained, training: dict[str, Any]
) -> None:
    together = train_together(features, _spec(training), SEEDS)
    for seed, ours in zip(SEEDS, together, strict=True):
        alone = train(features, replace(_spec(training), seed=seed))
        # seconds aside
        np.testing.assert_allclose(ours.history[:, :-1], alone.history[:, :-1], atol=1e-5)
        assert ours.best_epoch == alone.best_epoch
        for a, b in zip(_weights(ours), _weights(alone), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-5)
    assert not np.allclose(together[0].history[:, 1:4], together[1].history[:, 1:4], atol=1e-4)


def test_seeds_side_by_side_resume(features: FeatureSet, tmp_path: Path) -> None:
    expected = train_together(features, _spec(MODERN), SEEDS)
    lines: list[str] = []
    rarely = _spec(MODERN, checkpoint_seconds=99)
    with pytest.raises(StoppedError, match=r"^stopped after epoch 1 of 4; run the same command to continue$"):
        train_together(features, rarely, SEEDS, checkpoint=tmp_path, report=lines.append, stop=lambda: True)
    assert ", mean of 2 seeds: training MSE 0." in lines[0]
    resumed = train_together(features, _spec(MODERN), SEEDS, checkpoint=tmp_path)
    for ours, then in zip(resumed, expected, strict=True):
        assert ours.resumed_from == 1
        _assert_same(ours, then)
    # other seeds are another training
    with pytest.raises(StoppedError):
        train_together(features, rarely, [3, 9], checkpoint=tmp_path, report=lines.append, stop=lambda: True)
    assert lines[1].endswith("training starts again from epoch 1")


def test_a_training_whose_last_epoch_is_done_does_not_stop(features: FeatureSet, straight: Trained) -> None:
    asked: list[int] = []
    _assert_same(straight, train(features, _spec(MODERN), stop=lambda: asked.append(1)))
    assert len(asked) == 3


def test_a_state_that_does_not_fit_changes_nothing(features: FeatureSet) -> None:
    models = [build(_spec(MODERN).architecture, seed=seed) for seed in SEEDS]
    members = ensemble_of(models, lambda: keras.optimizers.AdamW(0.1), "mae", features)
    before, kept = members.state(), members.kept()
    other = [[value + 1 for value in own] for own in before]
    short = [other[0], other[1][:-1]]
    wide = [other[0], [*other[1][:-1], np.zeros(7)]]
    for wrong in (short, wide):
        with pytest.raises(ValueError, match="fit"):
            members.restore(wrong, kept)
    with pytest.raises(ValueError, match="fit"):
        members.restore(other, [kept[0], kept[1][:-1]])
    for now, then in zip(members.state(), before, strict=True):
        for a, b in zip(now, then, strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_checkpoint_of_something_else_is_not_resumed(features: FeatureSet, tmp_path: Path) -> None:
    lines: list[str] = []
    save_checkpoint(tmp_path, "one spec", _made_up(1))
    assert train(features, _spec(MODERN, epochs=1), checkpoint=tmp_path, report=lines.append).resumed_from == 0
    assert "belongs to another input, configuration or backend" in lines[0]
    assert lines[0].endswith("training starts again from epoch 1")


def _made_up(n_epochs: int, n_models: int = 2) -> Checkpoint:
    """A checkpoint of arrays that differ from each other."""
    return Checkpoint(
        progress=[
            Progress(history=[(float(k), 2.0)] * n_epochs, best_epoch=k, best_mse=0.5 + k) for k in range(n_models)
        ],
        state=[[np.full(3, k, np.float32), np.array(k, np.int64)] for k in range(n_models)],
        kept=[[np.eye(2) * k, *[np.array([i]) for i in range(11)]] for k in range(n_models)],
    )


def test_a_checkpoint_comes_back_as_it_was(tmp_path: Path) -> None:
    assert load_checkpoint(tmp_path, "key") is None
    for n_epochs in (9, 12):
        save_checkpoint(tmp_path, "key", _made_up(n_epochs))
        assert [path.name for path in tmp_path.iterdir()] == [FILE]
    loaded, saved = load_checkpoint(tmp_path, "key"), _made_up(12)
    assert loaded is not None
    assert loaded.progress == saved.progress
    for name in ("state", "kept"):
        for ours, then in zip(getattr(loaded, name), getattr(saved, name), strict=True):
            for a, b in zip(ours, then, strict=True):
                assert a.dtype == b.dtype
                np.testing.assert_array_equal(a, b)
    remove_checkpoint(tmp_path)
    assert not list(tmp_path.iterdir())


def test_damaged_checkpoints_are_an_error(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, "key", _made_up(2))
    with pytest.raises(ValueError, match="belongs to another input"):
        load_checkpoint(tmp_path, "other key")
    whole = (tmp_path / FILE).read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"nothing", whole[:1000] + b"\0\1" + whole[1002:]):
        (tmp_path / FILE).write_bytes(damaged)
        with pytest.raises(ValueError, match=rf"{FILE}: this checkpoint cannot be used"):
            load_checkpoint(tmp_path, "key")


@pytest.mark.parametrize(("first", "best"), [(1, 2), (3, 4)])
def test_the_lowest_validation_error_in_range_is_selected(
    features: FeatureSet, monkeypatch: pytest.MonkeyPatch, first: int, best: int
) -> None:
    errors, taken = iter([0.4, 0.1, 0.5, 0.2]), {}

    def prescribed(members: Ensemble, *_: Any) -> list[float]:
        taken[len(taken) + 1] = members.state()[0][: len(members.kept()[0])]
        return [next(errors)]

    monkeypatch.setattr("encluster.training.loop._mse", prescribed)
    trained = train(features, _spec(PLAIN, select_from_epoch=first))
    assert trained.best_epoch == best
    for ours, then in zip(_weights(trained), taken[best], strict=True):
        np.testing.assert_array_equal(ours, then)
    assert not np.array_equal(taken[2][0], taken[4][0])


def test_the_recorded_error_is_that_of_the_selected_model(features: FeatureSet, straight: Trained) -> None:
    assert straight.history[straight.best_epoch - 1, 2] == straight.best_validation_mse == straight.history[:, 2].min()
    validation = features.indices(VALIDATION)
    label = (predict(straight.model, features, validation) - 0.70) / 0.22
    assert np.mean((label - features.label[validation]) ** 2) == pytest.approx(straight.best_validation_mse, rel=1e-4)


def test_each_epoch_is_reported(features: FeatureSet) -> None:
    lines: list[str] = []
    train(features, _spec(MODERN, epochs=2), report=lines.append)
    assert [line.partition(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
    for part in ("training MSE 0.", "validation MSE 0.", "s per epoch", " left"):
        assert part in lines[0]


def test_training_learns(features: FeatureSet) -> None:
    trained = train(features, _spec(MODERN, epochs=25, loss="mse"))
    spread = np.var(features.label)
    assert trained.best_validation_mse < 0.5 * spread
    testing = features.indices(TESTING)
    assert np.corrcoef(predict(trained.model, features, testing), features.sigma8[testing])[0, 1] > 0.8


def test_testing_labels_change_no_model(features: FeatureSet, straight: Trained) -> None:
    testing = features.indices(TESTING)
    shuffled = testing[np.random.default_rng(0).permutation(len(testing))]
    label, sigma8 = features.label.copy(), features.sigma8.copy()
    label[testing], sigma8[testing] = label[shuffled], sigma8[shuffled]
    other = features.with_columns(label=label, sigma8=sigma8)
    assert not np.array_equal(label, features.label)
    _assert_same(straight, train(other, _spec(MODERN)))


def test_short_floats_train_and_leave_a_float32_model(features: FeatureSet, straight: Trained) -> None:
    trained = train(features, _spec(MODERN, precision="mixed_bfloat16"))
    assert np.isfinite(trained.history).all()
    assert {layer.compute_dtype for layer in trained.model.get_layer("aggregator").layers if layer.weights} == {
        "float32"
    }
    assert trained.history[0, 1] == pytest.approx(straight.history[0, 1], rel=0.1)
    assert trained.history[0, 1] != straight.history[0, 1]


@pytest.mark.parametrize(
    ("precision", "products"), [("float32", "HIGHEST"), ("tf32", "HIGH"), ("mixed_bfloat16", None)]
)
def test_products_are_as_precise_as_asked_for(features: FeatureSet, precision: str, products: str | None) -> None:
    if backend_name() != "jax":
        pytest.skip("TensorFlow says so for the whole process, not for a product")
    import jax

    from encluster.training.backends.on_jax import JaxEnsemble

    before = jax.config.jax_default_matmul_precision
    try:
        configure(threads=2, precision=precision)
        spec = _spec(MODERN, precision=precision)
        policy = "mixed_bfloat16" if products is None else "float32"
        model = build(spec.architecture, seed=1, precision=policy)
        members = ensemble_of([model], lambda: keras.optimizers.SGD(0.1), "mae", features)
        assert isinstance(members, JaxEnsemble)
        batches = list(
            MixedBatches(features.offset, features.indices(TRAINING), 8, spec.architecture.levels, 1).epoch(1)
        )
        text = str(jax.make_jaxpr(members._epoch)(members._state, members.load([batches])))
    finally:
        jax.config.update("jax_default_matmul_precision", before)
    found = re.findall(r"dot_general\[.*?\]", text, flags=re.DOTALL)
    assert len(found) > 20  # forwards and backwards
    if products is None:
        assert "bf16" in text
    else:
        assert "bf16" not in text
        wanted = f"precision=(Precision.{products}, Precision.{products})"
        assert set(re.findall(r"precision=.*", text)) == {wanted}


def test_a_training_that_diverges_says_so(features: FeatureSet) -> None:
    with pytest.raises(ValueError, match=r"diverged in epoch 1 .*lower training.learning_rate = 1e\+30"):
        train(features, shortened(_spec(PLAIN), learning_rate=1e30))


def test_a_training_without_a_finite_validation_error_says_so(
    features: FeatureSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("encluster.training.loop._mse", lambda *_: [float("nan")])
    with pytest.raises(ValueError, match=r"no epoch has a finite validation error; lower training\.learning_rate"):
        train(features, _spec(PLAIN, epochs=3))


def test_a_missing_part_of_the_split_is_an_error(features: FeatureSet) -> None:
    with pytest.raises(ValueError, match="no catalog belongs to the validation set"):
        train(features.with_columns(split=np.zeros_like(features.split)), _spec(MODERN))


def test_predictions_are_of_validation_and_testing(features: FeatureSet, straight: Trained) -> None:
    columns = predictions(straight.model, features)
    assert set(columns) == {"catalog", "split", "sigma8_true", "sigma8_predicted"}
    assert set(columns["split"]) == {"validation", "testing"}
    np.testing.assert_array_equal(features.split[columns["catalog"]], 1 + (columns["split"] == "testing"))
    np.testing.assert_array_equal(columns["sigma8_true"], features.sigma8[columns["catalog"]])


@pytest.mark.parametrize("part", [TRAINING, VALIDATION])
@pytest.mark.parametrize("name", ["matrix", "supplementary", "label", "sigma8"])
def test_what_is_not_a_number_is_an_error(features: FeatureSet, part: int, name: str) -> None:
    values = getattr(features, name).copy()
    catalog = features.indices(part)[0]
    values[catalog if name in ("label", "sigma8") else features.offset[catalog]] = np.nan
    broken = features.with_columns(**{name: values})
    if (name, part) == ("sigma8", VALIDATION):  # nothing is learned from it
        return
    with pytest.raises(ValueError, match=r"^features: (row \d+ of (matrix|supplementary|label)|sigma8 is nan)"):
        train(broken, _spec(PLAIN))


@pytest.mark.parametrize("distinct", [1, 2])
def test_labels_without_variance_are_an_error(features: FeatureSet, distinct: int) -> None:
    sigma8 = features.sigma8.copy()
    sigma8[features.indices(TRAINING)] = np.resize([0.8, 0.9][:distinct], len(features.indices(TRAINING)))
    with pytest.raises(ValueError, match=rf"training set of \d+ catalogs has {distinct} distinct value.* at least 3"):
        train(features.with_columns(sigma8=sigma8), _spec(PLAIN))
    # the other sets may have as few as they like
    sigma8 = features.sigma8.copy()
    sigma8[features.indices(VALIDATION)] = 0.8
    assert train(features.with_columns(sigma8=sigma8), _spec(PLAIN, epochs=1, select_from_epoch=1)).best_epoch == 1


def test_a_constant_is_known_from_a_network_that_knows_little() -> None:
    true = np.linspace(0.7, 0.92, 50)
    rounding = np.random.default_rng(0).normal(0, 1e-7, 50)
    assert predicts_constant(true, np.full(50, 0.81))
    assert predicts_constant(true, 0.81 + rounding)
    assert predicts_constant(true, 0.81 + 0.0099 * (true - 0.81))
    assert not predicts_constant(true, 0.81 + 0.0101 * (true - 0.81))
    assert not predicts_constant(true, 0.81 - 0.5 * (true - 0.81))  # wrong is not constant
    # of equal true values nothing can be told
    assert not predicts_constant(np.full(2, 0.8), np.array([0.81, 0.82]))
    assert not predicts_constant(np.full(2, 0.8), np.array([0.81, 0.81]))


def test_the_scatter_of_known_errors() -> None:
    errors = np.random.default_rng(0).normal(0.01, 0.02, 497)
    scatter = delta_sigma8(np.full(497, 0.8), 0.8 + errors, seed=1)
    assert scatter.value == pytest.approx(0.02, rel=0.1)
    assert scatter.error == pytest.approx(0.02 / np.sqrt(2 * 497), rel=0.15)
    assert scatter.bias == pytest.approx(0.01, abs=0.003)
    assert scatter == delta_sigma8(np.full(497, 0.8), 0.8 + errors, seed=1)
    with pytest.raises(ValueError, match="at least 2 catalogs"):
        delta_sigma8(np.ones(1), np.ones(1), seed=1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"recipe": "modrn"}, r"training\.recipe = 'modrn': must be one of paper, modern"),
        ({"epoch": 3}, r"^key 'training\.epoch' is not known; did you mean 'epochs'\?"),
        ({"epochs": 0}, r"training\.epochs = 0: must be at least 1"),
        ({"epochs": 2.5}, r"training\.epochs = 2\.5: must be of type integer"),
        ({"batch_size": True}, r"training\.batch_size = True"),
        ({"learning_rate": -1}, r"training\.learning_rate = -1: must be above 0"),
        ({"learning_rate": 0}, r"training\.learning_rate = 0: must be above 0"),
        ({"learning_rate": float("nan")}, r"training\.learning_rate = nan"),
        ({"loss": "huber"}, r"training\.loss = 'huber': must be one of mae, mse"),
        ({"precision": "float16"}, r"training\.precision = 'float16': must be one of float32, tf32, mixed_bfloat16"),
        ({"select_from_epoch": 9}, r"training\.select_from_epoch = 9: must not exceed epochs = 4"),
        ({"warmup_epochs": 4}, r"training\.warmup_epochs = 4\.0: must be below epochs = 4"),
        ({"recipe": "paper", "weight_decay": 0.1}, r"training\.weight_decay = 0\.1: must be 0 for recipe = paper"),
        ({"threads": "two"}, r"training\.threads = 'two': must be of type integer"),
    ],
)
def test_bad_recipes_say_what_is_wrong(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        _spec({**MODERN, **changes})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"seed": 1, "architecture": TINY}, "key 'training' is missing"),
        ({"seed": -1, "architecture": TINY, "training": MODERN}, "seed = -1: must be at least 0"),
        ({"seed": 1, "architecture": TINY, "training": "modern"}, "training = 'modern': must be of type mapping"),
        ({"seed": 1, "architecture": TINY, "training": MODERN, "x": 1}, "key 'x' is not known"),
    ],
)
def test_bad_specs_say_what_is_wrong(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        training_spec(settings)


def test_the_banner_says_what_where_and_how_long() -> None:
    full = training_spec({"seed": 1, "architecture": {}, "training": {}})
    text = describe_plan(full, n_catalogs=3974)
    for part in ("paper network (10,472,834 parameters)", "5000 epochs", " d.", "No GPU", "config/laptop.yaml"):
        assert part in text
    text = describe_plan(full, n_catalogs=3974, gpu="NVIDIA H100")
    assert "on NVIDIA H100" in text
    assert "No GPU" not in text
    small = describe_plan(configuration("laptop").training_of("standard"), n_catalogs=3974)
    assert "1 thread:" in small
    assert "No GPU" not in small
