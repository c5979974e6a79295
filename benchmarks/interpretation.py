"""Leave-one-out and saliency of the testing catalogs, beside the naive way in the same process.

Naive is one call for each cluster: of `predict` on the catalog without it, or of the gradient for its row; timed on a
sample. Without --model and --features it makes its own catalogs and an untrained network.
Usage: python benchmarks/interpretation.py [compact|paper ...] [--model FILE --features FILE]
"""

import argparse
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import record

from encluster.network import backend
from encluster.network.architecture import SIZES
from encluster.network.feature_set import FeatureSet
from encluster.network.split import TESTING

N_CATALOGS = 497  # testing set of the full grid
_GOALS = {("leave one out", "compact"): 10, ("leave one out", "paper"): 60, ("saliency", "paper"): 20}  # seconds


def main() -> None:
    """Print two lines per network."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", choices=[*SIZES, []], help="compact by default")
    parser.add_argument("--model", type=Path, help="a trained network, in place of untrained ones")
    parser.add_argument("--features", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sample", type=int, default=200, help="clusters done the naive way")
    record.add_option(parser)
    arguments = parser.parse_args()
    backend.configure(threads=arguments.threads, precision="float32")

    from encluster.network.model import build, load_model

    features = FeatureSet.read(arguments.features, "features") if arguments.features else _made_up()
    widths = features.matrix.shape[1], features.supplementary.shape[1]
    if arguments.model:
        models = {str(arguments.model): load_model(arguments.model)}
    else:
        models = {name: build(SIZES[name], *widths, seed=1) for name in arguments.sizes or ["compact"]}
    print(f"{backend.backend_name()} on {backend.device()}, {arguments.threads} threads, load {os.getloadavg()[0]:.1f}")
    for name, model in models.items():
        found = _compare(name, model, features, arguments.sample, record.machine(arguments.threads))
        record.append(arguments.table, found)


def _compare(name: str, model: Any, features: FeatureSet, n_sample: int, machine: str) -> Iterator[record.Measurement]:
    from encluster.interpretation.leave_one_out import leave_one_out
    from encluster.interpretation.saliency import saliency
    from encluster.network.model import predict

    testing = features.indices(TESTING)
    rows = features.rows(testing)
    owner = features.owner[rows]
    sample = np.random.default_rng(0).choice(np.flatnonzero(features.n_clusters[owner] > 1), n_sample)

    def without(k: int) -> float:
        kept = np.setdiff1d(features.rows([owner[k]]), rows[k])
        one = FeatureSet.made(
            matrix=features.matrix[kept],
            supplementary=features.supplementary[kept],
            offset=np.array([0, len(kept)]),
            scaling=features.scaling,
            source=features.source,
        )
        return float(predict(model, one)[0])

    def gradient(k: int) -> Any:
        return saliency(model, features.matrix[rows[k] : rows[k] + 1])[0]

    for what, ours, naive in (
        ("leave one out", lambda: leave_one_out(model, features, testing), without),
        ("saliency", lambda: saliency(model, features.matrix[rows]), gradient),
    ):
        naive(sample[0])  # compiles
        found, wall, cpu = _timed(ours)
        each, naive_wall, _ = _timed(lambda naive=naive: np.array([naive(k) for k in sample]))
        difference = np.abs(found[sample] - each).max()
        milliseconds, naively = 1e3 * wall / len(rows), 1e3 * naive_wall / n_sample
        print(
            f"{name}, {what}: {len(rows)} clusters in {wall:.1f} s ({cpu:.1f} s of CPU), {milliseconds:.3f} ms each; "
            f"naive {naively:.1f} ms each, {naively / milliseconds:.0f} x; largest difference {difference:.0e}; "
            f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB",
            flush=True,
        )
        yield record.Measurement(
            name=f"{what}, {name} network, {len(rows)} clusters, beside one by one [s]",
            ours=wall,
            beside=naive_wall / n_sample * len(rows),
            goal=f"ours <= {_GOALS[what, name]}" if (what, name) in _GOALS else "",
            machine=machine,
        )


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def _made_up() -> FeatureSet:
    rng = np.random.default_rng(0)
    sizes = np.clip(rng.lognormal(np.log(115), 0.35, N_CATALOGS).astype(int), 30, 346)
    return FeatureSet.made(
        matrix=rng.random((sizes.sum(), 15), np.float32),
        supplementary=rng.random((sizes.sum(), 2), np.float32),
        offset=np.concatenate([[0], np.cumsum(sizes)]),
        sigma8=np.full(N_CATALOGS, 0.8),
        label=np.full(N_CATALOGS, 0.5, np.float32),
        split=np.full(N_CATALOGS, TESTING, np.uint8),
        cluster=np.arange(sizes.sum()),
        scaling={"sigma8": (0.70, 0.92)},
        source="made up",
    )


if __name__ == "__main__":
    main()
