"""Look into a trained network with the testing catalogs: terse values, saliency and leave one out (section 5)."""

import argparse
import time
from collections.abc import Mapping

import numpy as np

from encluster import files
from encluster.network import backend
from encluster.network.inputs import TESTING, FeatureSet, read_features
from encluster.running import command_line

PROPERTIES = ("log_m500c", "log_m_wl", "log_m_gas", "log_temperature", "log_lx")


def main() -> None:
    """Read model, features and mocks; write a row per cluster of the testing catalogs."""
    example = (
        "--model results/laptop/models/standard/model.keras --features results/laptop/features/standard.h5"
        " --mocks results/laptop/mocks/mocks.h5 --output standard.h5"
    )
    parser = command_line.parser(__doc__, example=example, inputs=("model", "features", "mocks"), config=False)
    parser.add_argument("--threads", type=command_line.THREADS, default=2, help="of the processor")
    arguments = parser.parse_args()
    backend.import_keras()
    features = read_features(arguments.features)
    with files.opening_h5(arguments.mocks, "mocks") as file:
        read = ("catalogs/sigma8", "catalogs/offset", *(f"clusters/{name}" for name in PROPERTIES))
        mocks, source = {name: file[name][...] for name in read}, str(file.attrs["source"])
    _require_siblings(features, mocks, source, arguments)

    backend.configure(threads=arguments.threads, precision="float32")

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
    n = features.n_clusters[catalogs]
    offset = np.concatenate([[0], np.cumsum(n)])
    rows = np.repeat(features.offset[catalogs] - offset[:-1], n) + np.arange(offset[-1])
    cluster, matrix = features.cluster[rows], features.matrix[rows]
    begun = time.perf_counter()
    one_out = leave_one_out(model, features, catalogs)
    left_out = time.perf_counter()
    maps = saliency(model, matrix)
    mapped = time.perf_counter()
    arrays = {
        "catalog": catalogs,
        "sigma8": features.sigma8[catalogs],
        "sigma8_predicted": predict(model, features, catalogs),
        "offset": offset,
        "cluster": cluster,
        **{name: mocks[f"clusters/{name}"][cluster] for name in PROPERTIES},
        "terse": terse_values(model, matrix),
        "saliency": maps,
        "sigma8_one_out": one_out,
    }
    named = {"source": features.source, "model": arguments.model.parent.name, "variant": features.variant}
    files.write_h5(arguments.output, "interpretation", arrays, named)
    print(
        f"{len(catalogs)} testing catalogs of {len(rows)} clusters: leave one out {left_out - begun:.1f} s, "
        f"saliency {mapped - left_out:.1f} s on {backend.device()}, {arguments.threads} threads"
    )


def _require_siblings(
    features: FeatureSet, mocks: Mapping[str, np.ndarray], source: str, arguments: argparse.Namespace
) -> None:
    """Raise ValueError unless the features were made from these mocks."""
    ours, theirs = arguments.features, arguments.mocks
    if not len(features.indices(TESTING)):
        raise ValueError(f"{ours}: no catalog belongs to the testing set; split must hold {TESTING}")
    if features.source != source:
        raise ValueError(f"{ours} was made from {features.source!r}, {theirs} from {source!r}")
    n_features, n_mocks = len(features), len(mocks["catalogs/sigma8"])
    if n_features != n_mocks:
        raise ValueError(f"{ours} has {n_features} catalogs, {theirs} {n_mocks}; they do not belong together")
    outside = (features.cluster < 0) | (features.cluster >= len(mocks["clusters/log_m500c"]))
    if outside.any():
        row = int(np.argmax(outside))
        raise ValueError(f"{ours}: row {row} is cluster {features.cluster[row]}, which {theirs} does not have")
    owner = np.searchsorted(mocks["catalogs/offset"], features.cluster, side="right") - 1
    strangers = owner != np.repeat(np.arange(n_features), features.n_clusters)
    if strangers.any() or not np.array_equal(features.sigma8, mocks["catalogs/sigma8"]):
        raise ValueError(f"{ours} was made from other mock catalogs than {theirs}; make it again")


if __name__ == "__main__":
    command_line.run(main)
