"""Seconds per epoch of the training engine, beside the matrix-product rate of the same process.

Makes its own catalogs; needs the package only. Usage: python benchmarks/training_step.py [compact|paper ...]
The share is useful operations (three times the forward pass of unpadded catalogs) over the rate of float32 products.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import record

from encluster.network import backend
from encluster.network.architecture import SIZES
from encluster.network.batches import MixedBatches
from encluster.network.feature_set import FeatureSet
from encluster.training.backends import ensemble_of
from encluster.training.duration import duration

N_CATALOGS = 3974  # training set of the full grid


def main() -> None:
    """Print a line per network."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help="of paper, compact, tiny; compact by default")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=20, help="timed after two that compile")
    parser.add_argument("--precision", default="float32", choices=["float32", "mixed_bfloat16"])
    record.add_option(parser)
    arguments = parser.parse_args()
    sizes = arguments.sizes or ["compact"]
    if unknown := set(sizes) - set(SIZES):
        parser.error(f"no such size: {unknown.pop()}")
    backend.configure(threads=arguments.threads, precision="float32")

    import keras

    from encluster.network.model import build

    features = made_up(N_CATALOGS)
    rate = _product_rate()
    print(
        f"{backend.backend_name()} on {backend.device()}, {arguments.threads} threads:"
        f" products at {rate / 1e9:.0f} GFLOP/s"
    )
    for name in sizes:
        size = SIZES[name]
        batches = MixedBatches(features.offset, np.arange(N_CATALOGS), 32, size.levels, seed=1).epoch(1)
        model = build(size, seed=1, precision=arguments.precision)
        trainer = ensemble_of([model], lambda: keras.optimizers.AdamW(1e-3), "mae", features)
        timed = batches[: arguments.steps]
        for _ in range(2):  # JAX compiles a scan for each number of steps
            trainer.train(trainer.load([timed]))
        start = time.perf_counter()
        trainer.train(trainer.load([timed]))
        epoch = (time.perf_counter() - start) * len(batches) / len(timed)
        useful = 3 * size.flops(float(features.n_clusters.mean())) * N_CATALOGS
        print(
            f"{name} ({arguments.precision}): {epoch:.2f} s per epoch, {useful / epoch / 1e9:.0f} GFLOP/s, "
            f"{useful / epoch / rate:.2f} of the products; 30 epochs in {duration(30 * epoch)}"
        )
        found = record.Measurement(
            name=f"training, {name} network, {arguments.precision}, beside float32 products [GFLOP/s]",
            ours=useful / epoch / 1e9,
            beside=rate / 1e9,
            goal="ratio >= 0.75" if (name, arguments.precision) == ("paper", "float32") else "",
            machine=record.machine(arguments.threads),
        )
        record.append(arguments.table, [found])


def made_up(n_catalogs: int) -> FeatureSet:
    """Return catalogs of usual sizes without information, all of them to train on."""
    rng = np.random.default_rng(0)
    sizes = np.clip(rng.lognormal(np.log(112), 0.35, n_catalogs).astype(int), 30, 346)
    label = rng.random(n_catalogs).astype(np.float32)
    return FeatureSet.made(
        matrix=rng.random((sizes.sum(), 15), np.float32),
        supplementary=rng.random((sizes.sum(), 2), np.float32),
        offset=np.concatenate([[0], np.cumsum(sizes)]),
        sigma8=label.astype(np.float64),
        label=label,
        split=np.zeros(n_catalogs, np.uint8),
        cluster=np.arange(sizes.sum()),
        scaling={"sigma8": (0.0, 1.0)},
        source="made up",
    )


def _product_rate(n: int = 2048) -> float:
    """Return float32 operations per second of a matrix product in the backend that trains."""
    from keras import ops

    a = ops.convert_to_tensor(np.random.default_rng(0).random((n, n), np.float32))
    best = np.inf
    for _ in range(6):
        start = time.perf_counter()
        np.asarray(ops.matmul(a, a))
        best = min(best, time.perf_counter() - start)
    return 2 * n**3 / best


if __name__ == "__main__":
    main()
