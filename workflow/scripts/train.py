"""Train the network of Table 3, select an epoch on the validation set, and predict the testing set (section 3.3).

With --together, train all seeds of the ensemble at once, each with its own folder: NAME, NAME_2, NAME_3 ...
"""

import argparse
import dataclasses
import importlib.metadata
import platform
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from encluster import files
from encluster.network import backend
from encluster.network.feature_set import FeatureSet
from encluster.network.split import TESTING, TRAINING
from encluster.running import command_line
from encluster.running.configuration import Configuration
from encluster.training.duration import describe_plan
from encluster.training.metrics import CONSTANT_BELOW, delta_sigma8, predicts_constant
from encluster.training.recipes import TrainingSpec

PACKAGES = ("encluster", "keras", "tensorflow", "jax", "numpy", "h5py")
OUTPUTS = {
    "model": "model.keras",
    "history": "history.csv",
    "predictions": "predictions.csv",
    "provenance": "provenance.json",
}


def main() -> None:
    """Read features; write model, history, predictions and provenance."""
    arguments = _arguments()
    backend.import_keras()
    begun = time.monotonic()
    config = Configuration.read(arguments.config)
    spec = config.training_of(arguments.model)
    names = [arguments.model]
    if arguments.together:
        if arguments.model not in config.ensemble.models:
            known = ", ".join(config.ensemble.models)
            raise ValueError(f"--together: {arguments.model} is not one of ensemble.models: {known}")
        names += [f"{arguments.model}_{k}" for k in range(2, config.ensemble.seeds + 1)]
    seeds = [spec.seed + k for k in range(len(names))]
    paths = {
        name: {kind: files.require_replaceable(arguments.output / name / file) for kind, file in OUTPUTS.items()}
        for name in names
    }
    features = FeatureSet.read(arguments.features, "features")
    if (n := len(features.indices(TESTING))) < 2:  # checked here, because a long training would end without a result
        raise ValueError(
            f"{arguments.features}: the testing set has {n} of {len(features)} catalogs; Delta sigma8 needs 2"
        )
    digest = files.sha256(arguments.features)

    from encluster.training.checkpoints import remove_checkpoint
    from encluster.training.interruption import requested_stop
    from encluster.training.loop import StoppedError, train_together

    backend.configure(threads=spec.training.threads, precision=spec.training.precision)
    device = backend.device()
    print(_plan(spec, features, device), flush=True)
    with requested_stop() as signal_number:
        try:
            trained = train_together(
                features,
                spec,
                seeds,
                checkpoint=arguments.checkpoint,
                identity=digest,
                report=lambda line: print(line, flush=True),
                stop=signal_number,
            )
        except StoppedError as stopped:
            print(stopped, flush=True)
            sys.exit(128 + signal_number())  # exit status of a signal, as in shells
    for member, (name, seed) in enumerate(zip(names, seeds, strict=True)):
        own = dataclasses.replace(spec, seed=seed)
        about = {
            "device": device,
            "environment": backend.recorded_environment(),
            "backend": backend.backend_name(),
            "features": {**features.recipe, "mocks": features.mocks},
            "input": {"file": arguments.features.name, "sha256": digest, "source": features.source},
            "parameters": spec.architecture.n_parameters(features.matrix.shape[1], features.supplementary.shape[1]),
            "seeds_together": len(seeds),
            "source": features.source,
            "versions": {"python": platform.python_version(), **_versions()},
        }
        _write(trained[member], own, features, paths[name], about, begun)
    remove_checkpoint(arguments.checkpoint)


def _write(
    trained: Any, spec: TrainingSpec, features: FeatureSet, paths: dict[str, Path], about: dict[str, Any], begun: float
) -> None:
    """Predict, write the four files of one network, and print Delta sigma8."""
    from encluster.training.loop import HISTORY_COLUMNS, predictions

    predicted = predictions(trained.model, features)
    testing = predicted["split"] == "testing"
    true, found = (predicted[f"sigma8_{name}"][testing] for name in ("true", "predicted"))
    scatter, constant = delta_sigma8(true, found, seed=spec.seed), predicts_constant(true, found)
    with files.replacing(paths["model"]) as temporary:
        trained.model.save(temporary)
    history = dict(zip(HISTORY_COLUMNS, trained.history.T, strict=True))
    _write_csv(paths["history"], {**history, "epoch": history["epoch"].astype(int)})
    _write_csv(paths["predictions"], predicted)
    files.write_json(
        paths["provenance"],
        about
        | {
            "best_epoch": trained.best_epoch,
            "best_validation_mse": trained.best_validation_mse,
            "delta_sigma8": dataclasses.asdict(scatter),
            "predicts_constant": constant,
            "resumed_from_epoch": trained.resumed_from,
            "seconds_training": float(trained.history[:, -1].sum()),
            "seconds_wall": time.monotonic() - begun,
            "seed": spec.seed,
            "spec": spec.as_dict(),
        },
    )
    print(
        f"epoch {trained.best_epoch} selected; Delta sigma8 = {scatter.value:.4f} +- {scatter.error:.4f} "
        f"on {scatter.n} testing catalogs; wall time {time.monotonic() - begun:.0f} s"
    )
    if constant:
        print(
            f"warning: the network predicts a constant: the standard deviation of its predictions is below "
            f"{CONSTANT_BELOW:.0%} of that of the true sigma8; the scorecard does not count its results as measured"
        )


def _arguments() -> argparse.Namespace:
    example = (
        "--config results/laptop/config.yaml --model no_wl --features results/laptop/features/no_wl.h5"
        " --checkpoint checkpoint --output models"
    )
    parser = command_line.parser(__doc__, example=example, inputs=("features",), folder="folder of all models")
    parser.add_argument("--model", required=True, help="row of `models`; its files go to OUTPUT/MODEL")
    parser.add_argument("--together", action="store_true", help="train all seeds of the ensemble of this model at once")
    parser.add_argument(
        "--checkpoint", type=Path, required=True, help="folder; an interrupted training resumes from it"
    )
    return parser.parse_args()


def _plan(spec: TrainingSpec, features: FeatureSet, device: str) -> str:
    part = features.indices(TRAINING)
    clusters = float(features.n_clusters[part].mean()) if len(part) else 0.0
    gpu = None if device.startswith("CPU") else device
    return describe_plan(spec, n_catalogs=len(part), n_clusters=clusters, gpu=gpu)


def _write_csv(path: Path, columns: Mapping[str, Any]) -> None:
    with files.replacing(path) as temporary:
        pd.DataFrame(columns).to_csv(temporary, index=False)


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    command_line.run(main)
