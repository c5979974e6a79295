"""Predict sigma8 of other mock catalogs, for example of clusters that the training of the networks has not used.

Each network must have the provenance.json of its training beside it. Only the catalogs in the testing part of the
training's split are predicted: the same points of the grid as in the network's own test set, none of which the training
has used.
"""

from pathlib import Path

import pandas as pd

from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.network import backend
from encluster.network.inputs import build_features
from encluster.network.split import TESTING
from encluster.running import command_line
from encluster.training.provenance import features_of_training


def main() -> None:
    """Read networks and mocks; write a row per network and catalog."""
    example = (
        "--models results/laptop/models/standard/model.keras --mocks results/laptop/unseen/1/mocks/mocks.h5"
        " --output mocks.csv"
    )
    parser = command_line.plain_parser(__doc__, example=example)
    parser.add_argument(
        "--models", type=Path, nargs="+", required=True, help="model.keras, with provenance.json beside it"
    )
    parser.add_argument("--mocks", type=Path, required=True, help="mock catalogs, .h5")
    parser.add_argument("--output", type=command_line.output, required=True, help="a .csv file")
    parser.add_argument("--threads", type=command_line.THREADS, default=2, help="number of CPU threads")
    arguments = parser.parse_args()
    backend.import_keras()
    mocks = ClusterCatalogs.read(arguments.mocks, "mocks")
    recipes = {path: features_of_training(path) for path in arguments.models}

    backend.configure(threads=arguments.threads, precision="float32")
    from encluster.network.model import load_model, predict

    parts = []
    for path, (recipe, _) in recipes.items():
        features = build_features(mocks, **recipe)
        catalogs = features.indices(TESTING)
        columns = {
            "network": path.parent.name,
            "variant": recipe["variant"],
            "catalog": catalogs,
            "n_clusters": features.n_clusters[catalogs],
            "sigma8_true": features.sigma8[catalogs],
            "sigma8_predicted": predict(load_model(path), features, catalogs),
        }
        parts.append(pd.DataFrame(columns))
    with files.replacing(arguments.output) as temporary:
        pd.concat(parts).assign(source=mocks.source).to_csv(temporary, index=False)


if __name__ == "__main__":
    command_line.run(main)
