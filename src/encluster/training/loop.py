"""Training and model selection (section 3.3, Fig. 7), with checkpoints that resume to the same history."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from encluster.network.batches import FixedBatches, IdenticalBatches, MixedBatches
from encluster.network.feature_set import FeatureSet
from encluster.network.model import build, predict, scatter_predictions
from encluster.network.packing import Batch
from encluster.network.split import TESTING, TRAINING, VALIDATION, require_distinct_labels
from encluster.training.backends import Ensemble, ensemble_of
from encluster.training.checkpoints import Checkpoint, Progress, load_checkpoint, save_checkpoint
from encluster.training.duration import duration
from encluster.training.optimizers import learning_rates, optimizer_of
from encluster.training.recipes import Recipe, TrainingSpec, shortened
from encluster.types import FloatArray

HISTORY_COLUMNS = ("epoch", "train_mse", "validation_mse", "train_mae", "learning_rate", "seconds")
Batching = type[MixedBatches] | type[IdenticalBatches]
_POLICIES = {"float32": "float32", "tf32": "float32", "mixed_bfloat16": "mixed_bfloat16"}
_EVALUATION_BATCH = 32


@dataclass(frozen=True, kw_only=True)
class Trained:
    """Result of a training.

    Parameters
    ----------
    model : keras.Model
        The selected network, in float32 for any precision of the training.
    history : FloatArray
        (epochs, 6) columns `HISTORY_COLUMNS`. Errors are those of the scaled label; training errors are averages over
        the steps of an epoch with dropout.
    best_epoch : int
        The selected epoch, counted from 1.
    best_validation_mse : float
        Its validation error.
    resumed_from : int
        Number of epochs taken from a checkpoint.
    """

    model: keras.Model
    history: FloatArray
    best_epoch: int
    best_validation_mse: float
    resumed_from: int


class StoppedError(Exception):
    """The training stopped on request; its checkpoint contains all finished epochs."""


def train(features: FeatureSet, spec: TrainingSpec, **options: Any) -> Trained:
    """Train one network from the seed of its specification.

    Parameters
    ----------
    features : FeatureSet
        Inputs, labels and split.
    spec : TrainingSpec
        Seed, network and recipe.
    **options : Any
        Options of `train_together`.

    Returns
    -------
    Trained
        The selected network and its history.
    """
    return train_together(features, spec, [spec.seed], **options)[0]


def train_together(
    features: FeatureSet,
    spec: TrainingSpec,
    seeds: Sequence[int],
    *,
    checkpoint: Path | None = None,
    identity: str = "",
    report: Callable[[str], None] = lambda line: None,
    stop: Callable[[], object] = lambda: False,
    batching: Batching | None = None,
) -> list[Trained]:
    """Train a network from each seed on the training set and select its epoch on the validation set (section 3.3).

    Each network trains as it would alone, with its own initial weights, batches and dropout. In JAX all networks take
    their steps at once, which uses a GPU fully; in TensorFlow they take turns. Testing catalogs are not used.

    Parameters
    ----------
    features : FeatureSet
        Inputs, labels and split.
    spec : TrainingSpec
        Network and recipe; its own seed is not used.
    seeds : sequence of int
        One seed for each network.
    checkpoint : Path, optional
        Folder of the checkpoint to resume from and to write; none by default.
    identity : str, optional
        Identity of the input, for example its sha256; a checkpoint of another input, spec or seeds is not resumed.
    report : Callable, optional
        Function that receives a line per epoch, after any checkpoint is written.
    stop : Callable, optional
        Function that is called after each epoch; if it returns a true value, a checkpoint is written and the training
        stops.
    batching : type, optional
        Class of the batches; by default that of the recipe.

    Returns
    -------
    list of Trained
        A result for each seed.

    Raises
    ------
    ValueError
        If there is no catalog to train or validate on, a catalog has no clusters, an input or label is not finite,
        there are too few distinct labels, or the training diverges.
    StoppedError
        If `stop` returned a true value before the last epoch.
    """
    saved = time.monotonic()
    _require_trainable(features)
    recipe, levels = spec.training, spec.architecture.levels
    batching = batching or (IdenticalBatches if recipe.recipe == "paper" else MixedBatches)
    chosen = features.offset, features.indices(TRAINING), recipe.batch_size, levels
    batches = [batching(*chosen, seed) for seed in seeds]
    n_steps = len(batches[0].groups(0))
    widths = features.matrix.shape[1], features.supplementary.shape[1]
    policy = _POLICIES[recipe.precision]
    models = [build(spec.architecture, *widths, seed=seed, precision=policy) for seed in seeds]
    rate = learning_rates(recipe, n_steps)
    members = ensemble_of(models, lambda: optimizer_of(recipe, rate), recipe.loss, features)
    validation = list(FixedBatches(features.offset, features.indices(VALIDATION), _EVALUATION_BATCH, levels))

    # the time between checkpoints changes no result
    settings = shortened(replace(spec, seed=0), checkpoint_seconds=0).as_dict()
    key = f"{keras.backend.backend()} {identity} {list(seeds)} {batching.__name__} {settings}"
    progress = _resume(checkpoint, key, members, report) or [Progress() for _ in seeds]
    resumed_from = len(progress[0].history)

    def load(epoch: int) -> Any:
        return members.load([own.epoch(epoch) for own in batches])

    start = time.monotonic()
    for epoch, loaded in _ahead(load, range(resumed_from + 1, recipe.epochs + 1)):
        training = members.train(loaded)
        if not np.isfinite(training).all():
            raise ValueError(f"training diverged in epoch {epoch} (error {training[:, 0].max()}); {_lower(recipe)}")
        errors = _mse(members, features, validation)
        better = np.array([mse < own.best_mse for own, mse in zip(progress, errors, strict=True)])
        better &= epoch >= recipe.select_from_epoch
        if better.any():
            members.keep(better)
        now, step = time.monotonic(), epoch * n_steps - 1
        for own, (mse, mae), validation_mse, best in zip(progress, training, errors, better, strict=True):
            own.history.append((epoch, mse, validation_mse, mae, _rate(rate, step), now - start))
            if best:
                own.best_mse, own.best_epoch = validation_mse, epoch
        stopped = epoch < recipe.epochs and bool(stop())
        if checkpoint and (stopped or epoch == recipe.epochs or now - saved >= recipe.checkpoint_seconds):
            made = Checkpoint(progress=progress, state=members.state(), kept=members.kept())
            save_checkpoint(checkpoint, key, made)
            saved = time.monotonic()
        report(_line(progress, recipe.epochs, resumed_from))
        if stopped:
            raise StoppedError(f"stopped after epoch {epoch} of {recipe.epochs}; run the same command to continue")
        start = time.monotonic()
    if not all(own.best_epoch for own in progress):
        raise ValueError(f"training diverged: no epoch has a finite validation error; {_lower(recipe)}")
    return [
        Trained(
            model=_selected(replace(spec, seed=seed), widths, weights),
            history=np.array(own.history),
            best_epoch=own.best_epoch,
            best_validation_mse=own.best_mse,
            resumed_from=resumed_from,
        )
        for seed, own, weights in zip(seeds, progress, members.kept(), strict=True)
    ]


def predictions(model: keras.Model, features: FeatureSet) -> dict[str, np.ndarray]:
    """Return true and predicted sigma8 of the validation and testing catalogs.

    Parameters
    ----------
    model : keras.Model
        A trained network.
    features : FeatureSet
        Its input.

    Returns
    -------
    dict[str, ndarray]
        Columns catalog, split, sigma8_true and sigma8_predicted.
    """
    parts = {"validation": features.indices(VALIDATION), "testing": features.indices(TESTING)}
    catalogs = np.concatenate(list(parts.values()))
    return {
        "catalog": catalogs,
        "split": np.repeat(list(parts), [len(part) for part in parts.values()]),
        "sigma8_true": features.sigma8[catalogs],
        "sigma8_predicted": predict(model, features, catalogs),
    }


def _require_trainable(features: FeatureSet) -> None:
    for name, part in (("training", TRAINING), ("validation", VALIDATION)):
        if not len(features.indices(part)):
            raise ValueError(f"features: no catalog belongs to the {name} set; split must contain {part}")
    require_distinct_labels(features.sigma8[features.indices(TRAINING)])
    for name in ("matrix", "supplementary", "label"):
        if not np.isfinite(values := getattr(features, name)).all():
            raise ValueError(f"features: row {np.argwhere(~np.isfinite(values))[0, 0]} of {name} is not a number")


def _lower(recipe: Recipe) -> str:
    return f"lower training.learning_rate = {recipe.learning_rate}"


def _rate(rate: Any, step: int) -> float:
    return float(rate(step)) if callable(rate) else rate


def _ahead(make: Callable[[int], Any], epochs: range) -> Iterator[tuple[int, Any]]:
    """Yield each epoch with the result of `make` for it; the next result is made while the caller works."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(make, epochs.start)
        for epoch in epochs:
            made = coming.result()
            if epoch + 1 in epochs:
                coming = pool.submit(make, epoch + 1)
            yield epoch, made


def _selected(spec: TrainingSpec, widths: tuple[int, int], weights: Sequence[np.ndarray]) -> keras.Model:
    model = build(spec.architecture, *widths, seed=spec.seed)
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value)
    return model


def _mse(members: Ensemble, features: FeatureSet, batches: Sequence[Batch]) -> list[float]:
    """Return each model's mean square error over the validation set."""
    catalogs = np.sort(features.indices(VALIDATION))
    found = []
    for outputs in members.predict(batches):
        labels = scatter_predictions(batches, outputs, catalogs)
        found.append(float(np.mean((labels.astype(np.float64) - features.label[catalogs]) ** 2)))
    return found


def _resume(
    folder: Path | None, key: str, members: Ensemble, report: Callable[[str], None]
) -> Sequence[Progress] | None:
    try:
        found = load_checkpoint(folder, key) if folder else None
        if found is None:
            return None
        members.restore(found.state, found.kept)
    except ValueError as error:
        report(f"{error}; training starts again from epoch 1")
        return None
    report(f"resuming after epoch {len(found.progress[0].history)} from {folder}")
    return found.progress


def _line(progress: Sequence[Progress], epochs: int, resumed_from: int) -> str:
    history = progress[0].history
    epoch = history[-1][0]
    train_mse, validation_mse = np.mean([own.history[-1][1:3] for own in progress], axis=0)
    timed = [row[-1] for row in history[resumed_from:]]
    typical = float(np.median(timed[-20:]))
    left = typical * (epochs - epoch)
    several = f", mean of {len(progress)} seeds" if len(progress) > 1 else ""
    return (
        f"epoch {int(epoch)}/{epochs}{several}: training MSE {train_mse:.5f}, validation MSE {validation_mse:.5f}, "
        f"{typical:.2g} s per epoch, {duration(left)} left"
    )
