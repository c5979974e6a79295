"""Training and model selection (section 3.3, Fig. 7), with checkpoints that resume to the same history."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from encluster.batching import FixedBatches, IdenticalBatches, MixedBatches
from encluster.checkpoint import Progress, load_checkpoint, save_checkpoint
from encluster.engine import Engine, engine_for
from encluster.features import TESTING, TRAINING, VALIDATION, FeatureSet
from encluster.network import build, predict, scatter_predictions
from encluster.plan import duration
from encluster.recipes import Recipe, TrainingSpec, shortened
from encluster.types import FloatArray

HISTORY_COLUMNS = ("epoch", "train_mse", "validation_mse", "train_mae", "learning_rate", "seconds")
_POLICIES = {"float32": "float32", "tf32": "float32", "mixed_bfloat16": "mixed_bfloat16"}
_EVALUATION_BATCH = 32


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What a training leaves.

    Parameters
    ----------
    model : the selected network, in float32 whatever the precision of the training was
    history : (epochs, 6) see `HISTORY_COLUMNS`; errors are those of the scaled label, those of the training set
        averaged over the epoch's steps with dropout on
    best_epoch : the selected one, counted from 1
    best_validation_mse : its error
    resumed_from : the epochs taken over from a checkpoint
    """

    model: keras.Model
    history: FloatArray
    best_epoch: int
    best_validation_mse: float
    resumed_from: int


def train(
    features: FeatureSet,
    spec: TrainingSpec,
    *,
    checkpoint: Path | None = None,
    identity: str = "",
    report: Callable[[str], None] = lambda line: None,
) -> Trained:
    """Train a network on the training set and select the epoch that does best on the validation set.

    Testing catalogues are not looked at.

    Parameters
    ----------
    features : inputs, labels and split
    spec : network, recipe and seed
    checkpoint : a file to resume from, and to write now and then; none by default
    identity : of the input, for example its sha256; a checkpoint of another input or spec is not resumed
    report : gets a line per epoch

    Raises
    ------
    ValueError : no catalogue to train or validate on, a catalogue without clusters, or a training that diverges
    """
    recipe, levels = spec.training, spec.architecture.levels
    for name, part in (("training", TRAINING), ("validation", VALIDATION)):
        if not len(features.indices(part)):
            raise ValueError(f"features: no catalogue belongs to the {name} set; split must hold {part}")
    batches = _batches(features, recipe, levels, spec.seed)
    n_steps = len(batches.groups(0))
    widths = features.matrix.shape[1], features.supplementary.shape[1]
    model = build(spec.architecture, *widths, seed=spec.seed, precision=_POLICIES[recipe.precision])
    rate = learning_rates(recipe, n_steps)
    engine = engine_for(model, _optimizer(recipe, rate), recipe.loss, features)
    validation = FixedBatches(features.offset, features.indices(VALIDATION), _EVALUATION_BATCH, levels)

    # when to write checkpoints changes no result
    key = f"{keras.backend.backend()} {identity} {shortened(spec, checkpoint_seconds=0).as_dict()}"
    progress = _resume(checkpoint, key, engine, report) or Progress(best=engine.weights())
    resumed_from, saved = len(progress.history), time.monotonic()
    for epoch in range(resumed_from + 1, recipe.epochs + 1):
        start = time.monotonic()
        train_mse, train_mae = engine.train(batches.epoch(epoch))
        if not math.isfinite(train_mse):
            raise ValueError(
                f"training diverged in epoch {epoch} (error {train_mse}); "
                f"lower training.learning_rate = {recipe.learning_rate}"
            )
        validation_mse = _mse(engine, features, validation)
        if epoch >= recipe.select_from_epoch and validation_mse < progress.best_mse:
            progress.best_mse, progress.best_epoch, progress.best = validation_mse, epoch, engine.weights()
        seconds = time.monotonic() - start
        progress.history.append(
            (epoch, train_mse, validation_mse, train_mae, _rate(rate, epoch * n_steps - 1), seconds)
        )
        report(_line(progress.history, recipe.epochs, resumed_from))
        last = epoch == recipe.epochs
        if checkpoint and (last or time.monotonic() - saved >= recipe.checkpoint_seconds):
            save_checkpoint(checkpoint, key, progress, engine.state())
            saved = time.monotonic()
    selected = build(spec.architecture, *widths, seed=spec.seed)
    for variable, value in zip(selected.trainable_variables, progress.best, strict=True):
        variable.assign(value)
    return Trained(
        model=selected,
        history=np.array(progress.history),
        best_epoch=progress.best_epoch,
        best_validation_mse=progress.best_mse,
        resumed_from=resumed_from,
    )


def learning_rates(recipe: Recipe, n_steps: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """Return the learning rate as a function of the step, for epochs of `n_steps` steps."""
    if recipe.recipe == "paper":
        return recipe.learning_rate
    warmup = round(recipe.warmup_epochs * n_steps)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else recipe.learning_rate,
        decay_steps=max(recipe.epochs * n_steps - warmup, 1),
        warmup_target=recipe.learning_rate if warmup else None,
        warmup_steps=warmup,
    )


def predictions(model: keras.Model, features: FeatureSet) -> dict[str, np.ndarray]:
    """Return the columns catalogue, split, sigma8_true, sigma8_predicted of validation and testing catalogues."""
    parts = {"validation": features.indices(VALIDATION), "testing": features.indices(TESTING)}
    catalogues = np.concatenate(list(parts.values()))
    return {
        "catalogue": catalogues,
        "split": np.repeat(list(parts), [len(part) for part in parts.values()]),
        "sigma8_true": features.sigma8[catalogues],
        "sigma8_predicted": predict(model, features, catalogues),
    }


def _batches(features: FeatureSet, recipe: Recipe, levels: int, seed: int) -> MixedBatches | IdenticalBatches:
    kind = IdenticalBatches if recipe.recipe == "paper" else MixedBatches
    return kind(features.offset, features.indices(TRAINING), recipe.batch_size, levels, seed)


def _optimizer(recipe: Recipe, rate: Any) -> keras.Optimizer:
    if recipe.recipe == "paper":
        return keras.optimizers.SGD(rate)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer


def _rate(rate: Any, step: int) -> float:
    return float(rate(step)) if callable(rate) else rate


def _mse(engine: Engine, features: FeatureSet, batches: FixedBatches) -> float:
    catalogues = np.sort(features.indices(VALIDATION))
    labels = scatter_predictions(batches, engine.predict(batches), catalogues)
    return float(np.mean((labels.astype(np.float64) - features.label[catalogues]) ** 2))


def _resume(checkpoint: Path | None, key: str, engine: Engine, report: Callable[[str], None]) -> Progress | None:
    if checkpoint is None or not checkpoint.exists():
        return None
    try:
        progress, state = load_checkpoint(checkpoint, key)
        engine.restore(state)
    except ValueError as error:
        report(f"{error}; training starts anew")
        return None
    report(f"resuming after epoch {len(progress.history)} from {checkpoint}")
    return progress


def _line(history: list[tuple[float, ...]], epochs: int, resumed_from: int) -> str:
    epoch, train_mse, validation_mse, *_ = history[-1]
    # the first epoch of a process also compiles
    timed = [row[-1] for row in history[resumed_from:]]
    typical = float(np.median(timed[-20:]))
    left = typical * (epochs - epoch)
    return (
        f"epoch {int(epoch)}/{epochs}: training MSE {train_mse:.5f}, validation MSE {validation_mse:.5f}, "
        f"{typical:.2g} s per epoch, {duration(left)} left"
    )
