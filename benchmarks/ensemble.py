"""Ten seeds of the compact network, two processes of one thread at a time, beside one seed on two threads.

Whole processes of workflow/scripts/train.py with the recipe of config/laptop.yaml. Needs what `make` leaves in
results/laptop/features.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import record

from encluster.running.configuration import Configuration
from encluster.training.recipes import TrainingSpec

ROOT = Path(__file__).parents[1]
LAPTOP = ROOT / "config/laptop.yaml"


def main() -> None:
    """Train one, then all; print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, default=ROOT / "results/laptop/features/standard.h5")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--epochs", type=int, help="fewer than the recipe has, for a quick look")
    record.add_option(parser)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:

        def train(seed: int, threads: int) -> None:
            train_process(arguments.features, Path(folder), seed=seed, threads=threads, epochs=arguments.epochs)

        start = time.perf_counter()
        train(1, arguments.cores)
        one = time.perf_counter() - start
        start = time.perf_counter()
        with ThreadPoolExecutor(arguments.cores) as pool:
            list(pool.map(lambda seed: train(seed, 1), range(1, arguments.seeds + 1)))
        together = time.perf_counter() - start
    found = record.Measurement(
        name=f"{arguments.seeds} seeds of the compact network, beside one [s]",
        ours=together,
        beside=one,
        goal="ratio <= 8" if arguments.seeds == 10 else "",
        machine=record.machine(arguments.cores),
    )
    print(f"{arguments.seeds} seeds in {together:.0f} s, one in {one:.0f} s: {found.ratio:.2f} times one")
    record.append(arguments.table, [found])


def train_process(features: Path, folder: Path, *, seed: int, threads: int, epochs: int | None) -> Path:
    """Run train.py by the laptop recipe; return the file of its predictions."""
    name = f"seed_{seed}_threads_{threads}"
    overlay = folder / f"{name}.yaml"
    changes = {"threads": threads} | ({"epochs": epochs} if epochs else {})
    overlay.write_text(json.dumps({"models": {name: {"variant": "standard", "seed": seed, "training": changes}}}))
    command: list[Any] = [sys.executable, ROOT / "workflow/scripts/train.py", "--config", LAPTOP, overlay]
    command += ["--model", name, "--features", features, "--checkpoint", folder / f"checkpoint_{name}"]
    subprocess.run([*command, "--output", folder], check=True, stdout=subprocess.DEVNULL)
    return folder / name / "predictions.csv"


def laptop_training(*, seed: int) -> TrainingSpec:
    """Return the training of the model `standard` on the laptop, with another seed."""
    return replace(Configuration.read([LAPTOP]).training_of("standard"), seed=seed)


if __name__ == "__main__":
    main()
