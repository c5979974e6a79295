"""Interpret a trained network with the testing catalogs (section 5).

Terse values, saliency, integrated gradients and leave-one-out.
"""

import argparse
import time
from dataclasses import replace

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.layouts import PROPERTIES
from encluster.network import backend
from encluster.network.feature_set import FeatureSet
from encluster.network.split import TESTING
from encluster.running import command_line


def main() -> None:
    """Read model, features and mocks; write a row per cluster of the testing catalogs."""
    example = (
        "--model results/laptop/models/standard/model.keras --features results/laptop/features/standard.h5"
        " --mocks results/laptop/mocks/mocks.h5 --output standard.h5"
    )
    parser = command_line.parser(__doc__, example=example, inputs=("model", "features", "mocks"), config=False)
    parser.add_argument("--threads", type=command_line.THREADS, default=2, help="number of CPU threads")
    arguments = parser.parse_args()
    backend.import_keras()
    features = FeatureSet.read(arguments.features, "features")
    mocks = ClusterCatalogs.read(arguments.mocks, "mocks", ("sigma8", *PROPERTIES))
    _require_siblings(features, mocks, arguments)

    backend.configure(threads=arguments.threads, precision="float32")

    from encluster.interpretation.integrated_gradients import integrated_gradients, median_cluster
    from encluster.interpretation.leave_one_out import leave_one_out
    from encluster.interpretation.saliency import saliency
    from encluster.network.model import load_model, predict, terse_values

    model = load_model(arguments.model)
    for name, expected in zip(("matrix", "supplementary"), model.inputs, strict=False):
        found = getattr(features, name).shape[1]
        if found != expected.shape[1]:
            raise ValueError(
                f"{arguments.features}: {name} has {found} columns, {arguments.model} reads {expected.shape[1]}"
            )

    catalogs = features.indices(TESTING)
    testing = features.select(catalogs)
    begun = time.perf_counter()
    one_out = leave_one_out(model, features, catalogs)
    left_out = time.perf_counter()
    maps = saliency(model, testing.matrix)
    mapped = time.perf_counter()
    baseline = median_cluster(features)
    gradients = integrated_gradients(model, testing.matrix, baseline)
    integrated = time.perf_counter()
    columns = {
        "catalog": catalogs,
        "sigma8": testing.sigma8,
        "sigma8_predicted": predict(model, features, catalogs),
        "cluster": testing.cluster,
        **{name: mocks[name][testing.cluster] for name in PROPERTIES},
        "terse": terse_values(model, testing.matrix),
        "saliency": replace(testing.clusters["matrix"], values=maps),
        "integrated_gradients": replace(testing.clusters["matrix"], values=gradients.values),
        "sigma8_one_out": one_out,
    }
    named = {
        "source": features.source,
        "model": arguments.model.parent.name,
        "variant": features.variant,
        "integrated_gradients_baseline": baseline,
        "integrated_gradients_violation": gradients.violation,
    }
    ClusterCatalogs.of("interpretation", columns, offset=testing.offset, attributes=named).write(arguments.output)
    print(
        f"{len(catalogs)} testing catalogs of {len(maps)} clusters: leave one out {left_out - begun:.1f} s, "
        f"saliency {mapped - left_out:.1f} s, integrated gradients {integrated - mapped:.1f} s (sum right to "
        f"{gradients.violation:.1%} of the scatter of terse values) on {backend.device()}, {arguments.threads} threads"
    )


def _require_siblings(features: FeatureSet, mocks: ClusterCatalogs, arguments: argparse.Namespace) -> None:
    """Raise ValueError unless the features were made from these mocks."""
    ours, theirs = arguments.features, arguments.mocks
    if not len(features.indices(TESTING)):
        raise ValueError(f"{ours}: no catalog belongs to the testing set; split must contain {TESTING}")
    if features.source != mocks.source:
        raise ValueError(f"{ours} was made from {features.source!r}, {theirs} from {mocks.source!r}")
    if len(features) != len(mocks):
        raise ValueError(f"{ours} has {len(features)} catalogs, {theirs} {len(mocks)}; they do not belong together")
    outside = (features.cluster < 0) | (features.cluster >= len(mocks.owner))
    if outside.any():
        row = int(np.argmax(outside))
        raise ValueError(f"{ours}: row {row} is cluster {features.cluster[row]}, which {theirs} does not have")
    strangers = mocks.owner[features.cluster] != features.owner
    if strangers.any() or not np.array_equal(features.sigma8, mocks.catalog("sigma8")):
        raise ValueError(f"{ours} was made from other mock catalogs than {theirs}; make it again")


if __name__ == "__main__":
    command_line.run(main)
