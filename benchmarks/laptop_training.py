"""The Standard network by the recipe of config/laptop.yaml, beside plain Keras `fit` on batches of equal N.

Both are whole processes, from start to the predicted testing set, one after the other: workflow/scripts/train.py, and
this script with --plain, which builds the same layers from Keras's own for catalogs of one size in each batch, and
trains with the same optimizer, schedule, epochs and selection. Needs results/laptop/features/standard.h5.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import record

from encluster.network.feature_set import FeatureSet
from encluster.network.split import TESTING, TRAINING, VALIDATION
from encluster.training.metrics import delta_sigma8
from ensemble import ROOT, laptop_training, train_process

GOAL = 0.0212  # of Delta sigma8 (Table 4), to be reached in 60 s


def main() -> None:
    """Run both, print Delta sigma8 and seconds of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, default=ROOT / "results/laptop/features/standard.h5")
    parser.add_argument("--epochs", type=int, help="fewer than the recipe has, for a quick look")
    parser.add_argument("--plain", action="store_true", help="train plainly, in this process")
    record.add_option(parser)
    arguments = parser.parse_args()
    if arguments.plain:
        print(_delta(*plain(FeatureSet.read(arguments.features, "features"), arguments.epochs)))
        return
    options = ["--features", arguments.features, *(["--epochs", str(arguments.epochs)] if arguments.epochs else [])]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        predictions = train_process(arguments.features, Path(folder), seed=1, threads=1, epochs=arguments.epochs)
        ours = time.perf_counter() - start
        table = np.genfromtxt(predictions, delimiter=",", names=True, dtype=None, encoding="utf-8", comments="#")
    table = table[table["split"] == "testing"]
    reached = float(_delta(table["sigma8_true"], table["sigma8_predicted"]).split()[0])
    start = time.perf_counter()
    said = subprocess.run([sys.executable, __file__, "--plain", *options], check=True, capture_output=True, text=True)
    beside = time.perf_counter() - start
    print(f"ours: Delta sigma8 {reached:.4f} in {ours:.0f} s; plain Keras fit: {said.stdout.strip()} in {beside:.0f} s")
    found = record.Measurement(
        name=f"Standard to Delta sigma8 {reached:.4f}, beside plain fit to {said.stdout.split()[0]}, one thread [s]",
        ours=ours,
        beside=beside,
        goal="ours <= 60" if reached <= GOAL else "",
        machine=record.machine(1),
    )
    record.append(arguments.table, [found])


def _delta(true: Any, predicted: Any) -> str:
    scatter = delta_sigma8(true, predicted, seed=1)
    return f"{scatter.value:.4f} +- {scatter.error:.4f}"


def plain(features: FeatureSet, epochs: int | None) -> tuple[Any, Any]:
    """Train with `fit`; return sigma8 of the testing set, true and predicted."""
    from encluster.network import backend

    backend.configure(threads=1, precision="float32")
    import keras

    from encluster.network.batches import IdenticalBatches
    from encluster.training.optimizers import learning_rates, optimizer_of

    spec = laptop_training(seed=1)
    recipe, levels = replace(spec.training, epochs=epochs or spec.training.epochs), spec.architecture.levels

    class EqualSizes(keras.utils.PyDataset):
        """Batches of catalogs with the same number of clusters, dealt anew after every epoch."""

        def __init__(self, part: int) -> None:
            super().__init__()
            self.batches = IdenticalBatches(features.offset, features.indices(part), recipe.batch_size, levels, seed=1)
            self.epoch = 0
            self.groups = self.batches.groups(0)

        def __len__(self) -> int:
            return len(self.groups)

        def __getitem__(self, k: int) -> Any:
            rows = np.array([features.rows([c]) for c in self.groups[k]])
            return (features.matrix[rows], features.supplementary[rows]), features.label[self.groups[k]]

        def on_epoch_end(self) -> None:
            self.epoch += 1
            self.groups = self.batches.groups(self.epoch)

    training, validation, testing = map(EqualSizes, (TRAINING, VALIDATION, TESTING))
    model = _plain_model(spec.architecture, features.matrix.shape[1], features.supplementary.shape[1])
    optimizer = optimizer_of(recipe, learning_rates(recipe, len(training)))
    best = keras.callbacks.EarlyStopping(monitor="val_mse", patience=recipe.epochs, restore_best_weights=True)
    model.compile(optimizer, loss=recipe.loss, metrics=["mse"])
    model.fit(training, validation_data=validation, epochs=recipe.epochs, callbacks=[best], verbose=0)
    found = [(features.sigma8[group], model(testing[k][0]).numpy()[:, 0]) for k, group in enumerate(testing.groups)]
    true, label = (np.concatenate(column) for column in zip(*found, strict=True))
    return true, features.to_sigma8(label.astype(float))


def _plain_model(size: Any, n_features: int, n_supplementary: int) -> Any:
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    matrix, supplementary = keras.Input((None, n_features)), keras.Input((None, n_supplementary))

    def leaky(values: Any) -> Any:
        return layers.LeakyReLU(size.leaky_slope)(values)

    values = matrix
    for width in size.encoder[:-1]:
        values = leaky(layers.Dense(width)(values))
    terse = layers.Dense(1)(layers.Dense(size.encoder[-1])(values))
    values = layers.Concatenate()([terse, supplementary])
    for filters in size.convolutions:
        values = layers.AveragePooling1D(2)(leaky(layers.Conv1D(filters, 4, padding="same")(values)))
    values = layers.GlobalMaxPooling1D()(values)
    for width in size.dense[:-1]:
        values = layers.Dropout(size.dense_dropout)(leaky(layers.Dense(width)(values)))
    output = layers.Dense(1)(layers.Dense(size.dense[-1])(values))
    return keras.Model([matrix, supplementary], output)


if __name__ == "__main__":
    main()
