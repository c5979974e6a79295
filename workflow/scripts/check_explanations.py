"""Compare a network's explanations with those after random weights, permuted labels or other seeds; Shapley values."""

import argparse
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.network import backend
from encluster.network.feature_set import FeatureSet
from encluster.network.split import TESTING
from encluster.randomness import generator
from encluster.running import command_line
from encluster.settings import MOST_SEED
from encluster.types import IntArray

PERMUTED, OTHER_SEED = "permuted labels", "other seed"


def main() -> None:
    """Read networks, features and mocks; write the similarities of explanations, and the Shapley values."""
    arguments = _arguments()
    backend.import_keras()
    features = FeatureSet.read(arguments.features, "features")
    mocks = ClusterCatalogs.read(arguments.mocks, "mocks", ("sigma8", "log_m500c"))
    if not np.array_equal(features.sigma8, mocks.catalog("sigma8")):
        raise ValueError(f"{arguments.features} was made from other mock catalogs than {arguments.mocks}")
    backend.configure(threads=arguments.threads, precision="float32")

    from encluster.interpretation.integrated_gradients import median_cluster
    from encluster.interpretation.leave_one_out import leave_one_out
    from encluster.interpretation.shapley import shapley_values
    from encluster.interpretation.weight_randomization import other_networks, weight_randomization
    from encluster.network.model import load_model

    begun = time.perf_counter()
    model = load_model(arguments.model)
    explained = features, _spread(features, arguments.catalogs), median_cluster(features)
    found = weight_randomization(model, *explained, seed=arguments.seed, n_draws=arguments.draws)
    for change, paths in ((PERMUTED, arguments.permuted), (OTHER_SEED, arguments.seeds_of)):
        if paths:
            found += other_networks(model, [load_model(path) for path in paths], *explained, change=change)
    compared = time.perf_counter()

    parts = []
    for catalog in _spread(features, arguments.shapley_catalogs):
        rng = generator(arguments.seed, "permutations of clusters", int(catalog))
        shares = shapley_values(model, features, int(catalog), rng=rng, n_permutations=arguments.permutations)
        own = features.rows([catalog])
        columns = {
            "catalog": catalog,
            "sigma8": features.sigma8[catalog],
            "sigma8_predicted": shares.whole,
            "sigma8_nothing": shares.nothing,
            "first": shares.first,
            "cluster": features.cluster[own],
            "log_m500c": mocks["log_m500c"][features.cluster[own]],
            "shapley": shares.values,
            "shapley_err": shares.errors,
            "last_term": shares.whole - leave_one_out(model, features, np.array([catalog])),
        }
        parts.append(pd.DataFrame(columns))
    for path, table in (
        (arguments.output, pd.DataFrame([asdict(row) for row in found])),
        (arguments.shapley, pd.concat(parts, ignore_index=True)),
    ):
        with files.replacing(path) as temporary:
            table.to_csv(temporary, index=False)
    print(
        f"{arguments.draws} draws of random weights, {len(explained[1])} testing catalogs: {compared - begun:.1f} s; "
        f"Shapley values of {len(parts)} catalogs: {time.perf_counter() - compared:.1f} s"
    )


def _spread(features: FeatureSet, n: int) -> IntArray:
    """Return up to n testing catalogs of more than one cluster, evenly spaced in the order of sigma8."""
    catalogs = features.indices(TESTING)
    catalogs = catalogs[features.n_clusters[catalogs] > 1]
    if not len(catalogs):
        raise ValueError("features: no testing catalog has two clusters, expected at least one that can be explained")
    catalogs = catalogs[np.argsort(features.sigma8[catalogs], kind="stable")]
    return catalogs[np.linspace(0, len(catalogs) - 1, min(n, len(catalogs))).round().astype(int)]


def _arguments() -> argparse.Namespace:
    example = (
        "--model results/laptop/models/standard/model.keras --features results/laptop/features/standard.h5"
        " --mocks results/laptop/mocks/mocks.h5 --output explanations.csv --shapley shapley.csv"
    )
    parser = command_line.parser(__doc__, example=example, inputs=("model", "features", "mocks"), config=False)
    parser.add_argument("--shapley", type=command_line.output, required=True, help="table of Shapley values, .csv")
    parser.add_argument("--permuted", type=Path, nargs="+", help="model.keras of networks trained on permuted labels")
    parser.add_argument(
        "--seeds-of", type=Path, nargs="+", metavar="MODEL", help="model.keras of the same network from other seeds"
    )
    whole = command_line.within
    parser.add_argument("--catalogs", type=whole(int, 1, 100_000), default=25, help="testing catalogs to explain")
    parser.add_argument("--draws", type=whole(int, 1, 1000), default=5, help="draws of random weights")
    parser.add_argument("--shapley-catalogs", type=whole(int, 1, 100_000), default=5, help="catalogs for --shapley")
    parser.add_argument("--permutations", type=whole(int, 4, 100_000), default=256, help="of clusters; even")
    parser.add_argument("--seed", type=whole(int, 0, MOST_SEED), default=0, help="seed of weights and permutations")
    parser.add_argument("--threads", type=command_line.THREADS, default=2, help="number of CPU threads")
    return parser.parse_args()


if __name__ == "__main__":
    command_line.run(main)
