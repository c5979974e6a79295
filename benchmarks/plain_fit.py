"""The project's training loop beside Keras `fit`: the same network, optimizer, packed batches and initial weights.

`fit` gets a `PyDataset` of the batches, `ModelCheckpoint`, `BackupAndRestore` and `CSVLogger`; both write a checkpoint
after each epoch. Each run is a process of its own, and the two take turns. With --resume, trains the tiny network
straight and interrupted, and says whether the results are equal to the last bit. Makes its own catalogs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np
import record
from training_step import made_up

from encluster.network import backend
from encluster.network.feature_set import FeatureSet
from encluster.network.split import TRAINING, VALIDATION
from encluster.training.recipes import TrainingSpec, shortened, training_spec

WAYS = ("ours", "fit")
EPOCHS = 30  # of the recipe; as many of them run as --epochs says


class StoppedError(Exception):
    """Stands for an interruption."""


def main() -> None:
    """Alternate the two ways; print seconds of wall clock and of CPU per epoch, and the spread of their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", nargs="?", choices=("compact", "paper", "tiny"), default="compact")
    parser.add_argument("--catalogs", type=int, default=3974, help="of the training set; a tenth more to validate on")
    parser.add_argument("--epochs", type=int, default=4, help="the first, which compiles, is not counted")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--way", choices=WAYS, help="run this one in this process")
    record.add_option(parser)
    arguments = parser.parse_args()
    if arguments.resume:
        for way in WAYS:
            print(f"{way}: an interrupted training continues to the same bits: {_resumes(way)}")
        return
    if arguments.way:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(_timed(arguments, Path(folder))))
        return
    options = [arguments.size, "--catalogs", str(arguments.catalogs), "--epochs", str(arguments.epochs)]
    found: dict[str, list[Any]] = {way: [] for way in WAYS}
    for _ in range(arguments.repeats):
        for way in WAYS:
            command = [sys.executable, __file__, *options, "--way", way]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found[way].append(json.loads(done.stdout.splitlines()[-1]))
            print(way, found[way][-1], flush=True)
    for clock in ("wall", "cpu"):
        ours, beside = (np.array([run[clock] for run in found[way]]) for way in WAYS)
        ratio = ours / beside
        print(f"{clock}: ours {np.median(ours):.3g} s, fit {np.median(beside):.3g} s, ", end="")
        print(f"ratio {np.median(ratio):.3f} ({ratio.min():.3f} ... {ratio.max():.3f})")
        measured = record.Measurement(
            name=f"epoch of {arguments.catalogs} catalogs, {arguments.size}, {clock}, beside fit, same batches [s]",
            ours=float(np.median(ours)),
            beside=float(np.median(beside)),
            machine=record.machine(1),
        )
        record.append(arguments.table, [measured])


def _timed(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """Train; return the median seconds per epoch and the last validation error."""
    spec = _spec(arguments.size, arguments.epochs)
    features = made_up(arguments.catalogs * 11 // 10)
    features.split[arguments.catalogs :] = VALIDATION
    clocks: list[tuple[float, float]] = []
    _, errors = _ways()[arguments.way](
        features, spec, folder, lambda epoch: clocks.append((time.perf_counter(), time.process_time()))
    )
    wall, cpu = np.median(np.diff(clocks, axis=0), axis=0)
    return {"wall": wall, "cpu": cpu, "validation_mse": errors[-1]}


def _resumes(way: str) -> bool:
    """Return whether a training that was interrupted in its third epoch ends as an undisturbed one."""
    features = made_up(90)
    features.split[60:] = VALIDATION
    spec = _spec("tiny", 4)

    def interrupt(epoch: int) -> None:
        if epoch == 3:
            raise StoppedError

    with tempfile.TemporaryDirectory() as straight, tempfile.TemporaryDirectory() as folder:
        train = _ways()[way]
        expected, _ = train(features, spec, Path(straight), lambda epoch: None)
        try:
            train(features, spec, Path(folder), interrupt)
        except StoppedError:
            found, _ = train(features, spec, Path(folder), lambda epoch: None)
        pairs = zip(expected.get_weights(), found.get_weights(), strict=True)
        return all(np.array_equal(a, b) for a, b in pairs)


def _spec(size: str, epochs: int) -> TrainingSpec:
    settings = {"recipe": "modern", "epochs": EPOCHS, "threads": 1, "checkpoint_seconds": 0}
    spec = training_spec({"seed": 1, "architecture": {"size": size}, "training": settings})
    return shortened(spec, epochs=epochs)


def _ways() -> dict[str, Callable[..., tuple[Any, list[float]]]]:
    backend.import_keras()
    backend.configure(threads=1, precision="float32")
    return {"ours": _ours, "fit": _fit}


def _ours(
    features: FeatureSet, spec: TrainingSpec, folder: Path, after: Callable[[int], None]
) -> tuple[Any, list[float]]:
    from encluster.training.loop import train

    def report(line: str) -> None:
        if line.startswith("epoch "):
            after(int(line.partition("/")[0].removeprefix("epoch ")))

    trained = train(features, spec, checkpoint=folder, report=report)
    return trained.model, trained.history[:, 2].tolist()


def _fit(
    features: FeatureSet, spec: TrainingSpec, folder: Path, after: Callable[[int], None]
) -> tuple[Any, list[float]]:
    import keras

    from encluster.network.batches import FixedBatches, MixedBatches
    from encluster.network.model import build, model_inputs
    from encluster.network.packing import Batch
    from encluster.training.optimizers import learning_rates, optimizer_of

    recipe, levels = spec.training, spec.architecture.levels
    training = MixedBatches(features.offset, features.indices(TRAINING), recipe.batch_size, levels, spec.seed)
    validation = list(FixedBatches(features.offset, features.indices(VALIDATION), recipe.batch_size, levels))

    class Packed(keras.utils.PyDataset):
        """Packed batches with labels and weights."""

        def __init__(self, batches: list[Batch]) -> None:
            super().__init__()
            self.batches = batches

        def __len__(self) -> int:
            return len(self.batches)

        def __getitem__(self, k: int) -> Any:
            batch = self.batches[k]
            return tuple(model_inputs(features, batch)), features.label[batch.catalogs][:, None], batch.weight

    class Epochs(keras.callbacks.Callback):
        """Deals the batches anew for each epoch, by its number: Keras tells a data set of a resumed epoch nothing."""

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            dataset.batches = training.epoch(epoch + 1)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            after(epoch + 1)

    dataset = Packed(training.epoch(1))
    model = build(spec.architecture, seed=spec.seed)
    loss = keras.losses.MeanAbsoluteError(reduction="mean_with_sample_weight")
    optimizer = optimizer_of(recipe, learning_rates(recipe, len(training.groups(0))))
    # XLA on a processor would take many times as long
    model.compile(optimizer, loss=loss, weighted_metrics=["mse"], jit_compile=False)
    best = folder / "best.keras"
    callbacks = [
        Epochs(),
        keras.callbacks.ModelCheckpoint(best, monitor="val_mse", save_best_only=True),
        keras.callbacks.BackupAndRestore(folder / "backup"),
        keras.callbacks.CSVLogger(folder / "history.csv", append=True),
    ]
    history = model.fit(
        dataset,
        validation_data=Packed(validation),
        epochs=recipe.epochs,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )
    return keras.saving.load_model(best, compile=False), history.history["val_mse"]


if __name__ == "__main__":
    main()
