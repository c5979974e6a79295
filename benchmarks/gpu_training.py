"""Train the paper's network on a GPU, and say how fast: needs Keras, JAX, pydantic, PyYAML and no data.

Mock catalogs are made from the surrogate (see bare_mocks.py), or read with --features. A call that is stopped, by
--minutes or otherwise, goes on where it stopped if it is repeated with the same --checkpoint. Without a GPU it shows
itself at work on a few catalogs and records nothing.
"""

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import bare_mocks  # noqa: E402
import numpy as np  # noqa: E402
import record  # noqa: E402

VARIANTS = ("standard", "no_wl", "shuffled", "array_of_ones", "prescriptive")
PAPER_EPOCHS = 5000


def main() -> None:
    """Make or read the catalogs, measure the rate of products, train, and write what came out."""
    arguments = _arguments()
    masses = bare_mocks.fill_in()

    from encluster.network import backend
    from encluster.network.batches import IdenticalBatches, MixedBatches
    from encluster.network.feature_set import FeatureSet
    from encluster.network.split import TRAINING
    from encluster.training.checkpoints import remove_checkpoint
    from encluster.training.loop import StoppedError, train_together
    from encluster.training.recipes import training_spec

    begun = time.monotonic()
    backend.configure(threads=min(2, os.cpu_count() or 1), precision=arguments.precision)
    device = backend.device()
    gpu = not device.startswith("CPU")
    if not gpu:
        arguments.catalogs = arguments.catalogs or 300
        arguments.epochs = arguments.epochs or 3
        print("no GPU here: a demonstration on few catalogs")
    if arguments.features:
        features = FeatureSet.read(arguments.features, "features")
        arguments.variant, made_from = features.variant, str(arguments.features)
    else:
        features = bare_mocks.make_features(arguments.variant, arguments.catalogs)
        made_from = f"surrogate, profiles without photons, {masses}"
    spec = training_spec(_settings(arguments))
    print(f"{device}; {len(features):,} {arguments.variant} catalogs: {made_from}; {time.monotonic() - begun:.0f} s")

    peak = _product_rate(arguments.precision, 8192 if gpu else 1024)
    seeds = list(range(1, arguments.seeds + 1))
    batching = {"random": MixedBatches, "identical": IdenticalBatches}[arguments.batches]
    every = max(1, spec.training.epochs // 50)

    def report(line: str) -> None:
        epoch = line.partition("/")[0].removeprefix("epoch ")
        if not epoch.isdigit() or int(epoch) % every == 0 or int(epoch) == spec.training.epochs:
            print(line, flush=True)

    try:
        trained = train_together(
            features,
            spec,
            seeds,
            checkpoint=arguments.checkpoint,
            identity=features.mocks,
            report=report,
            stop=lambda: time.monotonic() - begun >= 60 * arguments.minutes,
            batching=batching,
        )
    except StoppedError as reason:
        print(reason)
        return

    part = features.indices(TRAINING)
    # the first epochs of a process compile
    timed = trained[0].history[trained[0].resumed_from :, -1]
    epoch = float(np.median(timed[2:] if len(timed) > 2 else timed)) if len(timed) else np.nan
    useful = 3 * spec.architecture.flops(float(features.n_clusters[part].mean())) * len(part) * len(seeds) / epoch
    measured = {
        "seconds_per_epoch": epoch,
        "catalogs_per_second": len(part) * len(seeds) / epoch,
        "tflops_useful": useful / 1e12,
        "tflops_of_products": peak / 1e12,
        "share_of_products": useful / peak,
        "memory_gb": _memory() / 1e9,
        "minutes_per_5000_epochs": PAPER_EPOCHS * epoch / 60,
    }
    for name, value in measured.items():
        print(f"{name.replace('_', ' ')}: {value:.4g}")
    about = {
        "device": device,
        "commit": arguments.commit or _commit(),
        "versions": _versions(),
        "features": {**features.recipe, "mocks": features.mocks, "made_from": made_from},
        "source": features.source,
        "batches": arguments.batches,
        "measured": measured,
    }
    _write(arguments.output, features, spec, seeds, trained, about)
    if arguments.checkpoint:
        remove_checkpoint(arguments.checkpoint)
    if gpu and arguments.network == "paper":
        record.append(arguments.table, _measurements(arguments, measured, device))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", choices=VARIANTS, default="standard")
    parser.add_argument(
        "--features", type=Path, help="a file of results/features/ instead of mocks made here; it says its variant"
    )
    parser.add_argument("--network", choices=("paper", "compact", "tiny"), default="paper")
    parser.add_argument("--recipe", choices=("paper", "modern"), default="paper", help="paper: SGD; modern: AdamW")
    parser.add_argument("--batches", choices=("random", "identical"), default="random", help="identical: of equal N")
    parser.add_argument("--precision", choices=("float32", "tf32", "mixed_bfloat16"), default="tf32")
    parser.add_argument("--epochs", type=int, help="by default those of the recipe, 5000 or 30; 3 without a GPU")
    parser.add_argument("--seeds", type=int, default=1, help="so many networks side by side: seeds 1, 2, 3 ...")
    parser.add_argument("--catalogs", type=int, help="make fewer; 300 without a GPU")
    parser.add_argument("--checkpoint", type=Path, help="folder to resume from and to write to")
    parser.add_argument("--checkpoint-seconds", type=float, default=120.0)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop cleanly after so many")
    parser.add_argument("--output", type=Path, help="folder for history.csv, predictions.csv, provenance.json")
    parser.add_argument("--commit", help="what is recorded where git is not at hand")
    record.add_option(parser)
    arguments = parser.parse_args()
    if arguments.seeds < 1:
        parser.error("--seeds must be at least 1")
    if arguments.minutes != float("inf") and not arguments.checkpoint:
        parser.error("--minutes needs --checkpoint")
    return arguments


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the settings of a training as config/config.yaml has them."""
    prescriptive = arguments.variant == "prescriptive"
    training = {
        "recipe": arguments.recipe,
        "precision": arguments.precision,
        "checkpoint_seconds": arguments.checkpoint_seconds,
    }
    if arguments.epochs:
        training["epochs"] = arguments.epochs
    if prescriptive:
        training["learning_rate"] = 0.01
    architecture = {"size": arguments.network, "pooling": "max" if prescriptive else "mean"}
    return {"seed": 1, "architecture": architecture, "training": training}


def _product_rate(precision: str, n: int, times: int = 10) -> float:
    """Return operations per second of products of matrices (n, n) in the precision that trains."""
    import jax

    rng = np.random.default_rng(0)
    kind = jax.numpy.bfloat16 if precision == "mixed_bfloat16" else jax.numpy.float32
    matrix = jax.numpy.asarray(rng.standard_normal((n, n), np.float32) / np.sqrt(n), kind)
    product = jax.jit(jax.numpy.matmul)
    best = np.inf
    for _ in range(4):
        start, values = time.perf_counter(), matrix
        for _ in range(times):
            values = product(values, matrix)
        values.block_until_ready()
        best = min(best, time.perf_counter() - start)
    return times * 2 * n**3 / best


def _memory() -> float:
    """Return the largest memory in use so far [byte]: the GPU's, or that of the process without one."""
    import jax

    stated = jax.devices()[0].memory_stats() or {}
    return float(stated.get("peak_bytes_in_use", 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def _measurements(
    arguments: argparse.Namespace, measured: dict[str, float], device: str
) -> Iterable[record.Measurement]:
    how = f"{arguments.batches} batches, {arguments.precision}"
    if arguments.seeds == 1:
        yield record.Measurement(
            name=f"paper network, 5000 epochs on the GPU, {how} [min]",
            ours=measured["minutes_per_5000_epochs"],
            goal="ours <= 10" if arguments.batches == "random" and arguments.precision != "float32" else "",
            machine=device,
        )
    yield record.Measurement(
        name=f"paper network on the GPU, {arguments.seeds} seeds, {how} [TFLOP/s]",
        ours=measured["tflops_useful"],
        beside=measured["tflops_of_products"],
        goal="ratio >= 0.35" if arguments.seeds > 1 else "",
        machine=device,
    )


def _write(
    folder: Path | None, features: Any, spec: Any, seeds: Sequence[int], trained: Sequence[Any], about: dict[str, Any]
) -> None:
    """Write one history, predictions and provenance as rule `train` does; of several seeds, with a column `seed`."""
    from encluster.training.loop import HISTORY_COLUMNS, predictions
    from encluster.training.metrics import delta_sigma8

    histories, predicted, results = [], [], []
    for seed, own in zip(seeds, trained, strict=True):
        columns = predictions(own.model, features)
        testing = columns["split"] == "testing"
        true, found = (columns[f"sigma8_{name}"][testing] for name in ("true", "predicted"))
        scatter = delta_sigma8(true, found, seed=seed)
        print(
            f"seed {seed}: epoch {own.best_epoch} selected, Delta sigma8 = {scatter.value:.4f} +- {scatter.error:.4f}"
        )
        results.append(
            {
                "seed": seed,
                "best_epoch": own.best_epoch,
                "best_validation_mse": own.best_validation_mse,
                "delta_sigma8": asdict(scatter),
                "resumed_from_epoch": own.resumed_from,
                "seconds_training": float(own.history[:, -1].sum()),
            }
        )
        history = dict(zip(HISTORY_COLUMNS, own.history.T, strict=True))
        histories.append({**history, "epoch": history["epoch"].astype(int)})
        predicted.append(columns)
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / "history.csv", seeds, histories)
    _write_csv(folder / "predictions.csv", seeds, predicted)
    provenance = {**about, "spec": spec.as_dict(), **(results[0] if len(seeds) == 1 else {"seeds": results})}
    (folder / "provenance.json").write_text(json.dumps(provenance, indent=1, sort_keys=True) + "\n")


def _write_csv(path: Path, seeds: Sequence[int], tables: Sequence[dict[str, np.ndarray]]) -> None:
    several = len(seeds) > 1
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*["seed"] * several, *tables[0]])
        for seed, table in zip(seeds, tables, strict=True):
            columns = (column.tolist() for column in table.values())
            writer.writerows([*[seed] * several, *row] for row in zip(*columns, strict=True))


def _versions() -> dict[str, str]:
    import jax
    import keras

    return {"python": platform.python_version(), "jax": jax.__version__, "keras": keras.__version__}


def _commit() -> str:
    try:
        found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


if __name__ == "__main__":
    main()
