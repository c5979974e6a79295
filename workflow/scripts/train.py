"""Train the network of Table 3, select an epoch on the validation set, and predict the testing set (section 3.3).

With --seeds, as many networks side by side, each with output files of its own.
"""

import argparse
import dataclasses
import importlib.metadata
import json
import platform
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from encluster import files
from encluster.network import backend
from encluster.network.inputs import TESTING, TRAINING, FeatureSet
from encluster.running import command_line
from encluster.training.duration import describe_plan
from encluster.training.metrics import CONSTANT_BELOW, delta_sigma8, predicts_constant
from encluster.training.recipes import MOST_SEED, TrainingSpec, spec_from_settings

PACKAGES = ("encluster", "keras", "tensorflow", "jax", "numpy", "h5py")
OUTPUTS = {
    "model": "the selected network, .keras",
    "history": "a row per epoch, .csv",
    "predictions": "sigma8 of validation and testing catalogs, .csv",
    "provenance": "what made them, .json",
}


def main() -> None:
    """Read features; write model, history, predictions and provenance."""
    arguments = _arguments()
    backend.import_keras()
    begun = time.monotonic()
    settings = _settings(arguments.spec)
    spec = spec_from_settings(settings)
    seeds = arguments.seeds or [spec.seed]
    _require_an_output_each(arguments, seeds)
    features = FeatureSet.read(arguments.features, "features")
    if (n := len(features.indices(TESTING))) < 2:  # or hours of training would end without a result
        raise ValueError(
            f"{arguments.features}: the testing set has {n} of {len(features)} catalogs; Delta sigma8 needs 2"
        )
    digest = files.sha256(arguments.features)

    from encluster.training.checkpoints import remove_checkpoint
    from encluster.training.loop import train_together

    backend.configure(threads=spec.training.threads, precision=spec.training.precision)
    device = backend.device()
    print(_plan(settings, features, device), flush=True)
    trained = train_together(
        features,
        spec,
        seeds,
        checkpoint=arguments.checkpoint,
        identity=digest,
        report=lambda line: print(line, flush=True),
    )
    for member, seed in enumerate(seeds):
        paths = {name: getattr(arguments, name)[member] for name in OUTPUTS}
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
        _write(trained[member], own, features, paths, about, begun)
    remove_checkpoint(arguments.checkpoint)


def _write(
    trained: Any, spec: TrainingSpec, features: FeatureSet, paths: dict[str, Path], about: dict[str, Any], begun: float
) -> None:
    """Predict, write the four files of one network, and say how well it does."""
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
            f"warning: the network predicts a constant: its predictions for the testing catalogs vary by less than "
            f"{CONSTANT_BELOW:.0%} of what their sigma8 does; the scorecard counts nothing of it as measured"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--spec", required=True, help="JSON of seed, architecture, training")
    parser.add_argument(
        "--seeds",
        type=command_line.within(int, 0, MOST_SEED),
        nargs="+",
        help="of networks to train together; that of --spec by default",
    )
    parser.add_argument(
        "--checkpoint", type=Path, required=True, help="folder; an interrupted training resumes from it"
    )
    for name, meaning in OUTPUTS.items():
        parser.add_argument(
            f"--{name}", type=command_line.output, nargs="+", required=True, help=f"{meaning}; one for each seed"
        )
    return parser.parse_args()


def _require_an_output_each(arguments: argparse.Namespace, seeds: Sequence[int]) -> None:
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"--seeds {seeds}: must be different numbers")
    for name in OUTPUTS:
        if len(getattr(arguments, name)) != len(seeds):
            raise ValueError(f"--{name}: {len(getattr(arguments, name))} files for {len(seeds)} seeds")


def _settings(text: str) -> dict[str, Any]:
    try:
        settings = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"--spec: not valid JSON ({error})") from error
    if not isinstance(settings, dict):
        raise ValueError("--spec: must be a JSON object with the keys seed, architecture and training")
    return settings


def _plan(settings: dict[str, Any], features: FeatureSet, device: str) -> str:
    part = features.indices(TRAINING)
    clusters = float(features.n_clusters[part].mean()) if len(part) else 0.0
    gpu = None if device.startswith("CPU") else device
    return describe_plan(settings, n_catalogs=len(part), n_clusters=clusters, gpu=gpu)


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
