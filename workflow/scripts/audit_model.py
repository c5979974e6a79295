"""Audit a trained network for terse values that carry sigma8 beyond the masses of clusters (Appendix B).

Input is the network with the provenance.json that its training wrote beside it, and mock catalogs: either those of the
training, of which only the testing set is used, or any others of the same layout (--catalogs all). The command prints
one line. Its exit status says whether the audit was made, not what it found. Numbers that cannot be measured with too
few catalogs are null in the .json.
"""

import argparse
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.overspecialization import audit, require_labels
from encluster.network import backend
from encluster.network.feature_set import FeatureSet
from encluster.network.inputs import build_features
from encluster.network.split import TESTING
from encluster.running import command_line
from encluster.settings import MOST_SEED
from encluster.training.provenance import features_of_training


def main() -> None:
    """Read network, provenance and mocks; print the verdict and write its numbers."""
    arguments = _arguments()
    backend.import_keras()
    recipe, trained_on = features_of_training(arguments.model)
    mocks = ClusterCatalogs.read(arguments.mocks, "mocks")
    features = build_features(mocks, **recipe)
    _require_unseen(arguments, features.mocks == trained_on)
    if arguments.catalogs == "testing":
        features = features.select(features.indices(TESTING))
    try:
        # checked before the network is loaded, which takes some seconds
        require_labels(features.sigma8)
    except ValueError as error:
        raise ValueError(f"{arguments.mocks} ({arguments.catalogs} catalogs): {error}") from error
    found = audit(
        _terse(arguments, features),
        mocks["log_m500c"][features.cluster],
        features.sigma8,
        features.offset,
        seed=arguments.seed,
        supplementary=_supplementary(features),
    )
    sentence = f"{found.sentence}; {arguments.catalogs} catalogs of {arguments.mocks}"
    if arguments.output:
        files.write_json(
            arguments.output,
            {
                **_valid(asdict(found)),
                "catalogs": arguments.catalogs,
                "mocks": str(arguments.mocks),
                "model": str(arguments.model),
                "seed": arguments.seed,
                "sentence": sentence,
                "source": features.source,
                "variant": features.variant,
            },
        )
    print(sentence)


def _arguments() -> argparse.Namespace:
    example = "--model results/laptop/models/standard/model.keras --mocks results/laptop/mocks/mocks.h5"
    parser = command_line.plain_parser(__doc__, example=example)
    parser.add_argument("--model", type=Path, required=True, help="model.keras, with provenance.json beside it")
    parser.add_argument("--mocks", type=Path, required=True, help="mock catalogs, .h5")
    parser.add_argument(
        "--catalogs",
        choices=("testing", "all"),
        default="testing",
        help="testing: the testing set of the training's mocks; all: all catalogs of mocks not used in the training",
    )
    parser.add_argument("--output", type=command_line.output, help="a .json file for all numbers")
    parser.add_argument(
        "--seed", type=command_line.within(int, 0, MOST_SEED), default=0, help="seed of the permutations"
    )
    parser.add_argument("--threads", type=command_line.THREADS, default=2, help="number of CPU threads")
    return parser.parse_args()


def _require_unseen(arguments: argparse.Namespace, of_training: bool) -> None:
    """Raise ValueError if the catalogs were used in the training, or have no testing set."""
    if of_training and arguments.catalogs == "all":
        raise ValueError(
            f"{arguments.mocks}: {arguments.model} was trained on some of these catalogs; use --catalogs testing"
        )
    if not of_training and arguments.catalogs == "testing":
        raise ValueError(
            f"{arguments.mocks}: not the mocks that {arguments.model} was trained on, so that they have no testing "
            "set; give the mocks of the training, or audit on all of these with --catalogs all"
        )


def _valid(content: Any) -> Any:
    """Return the content with None in place of NaN, which JSON does not have."""
    if isinstance(content, dict):
        return {key: _valid(value) for key, value in content.items()}
    return None if isinstance(content, float) and math.isnan(content) else content


def _supplementary(features: FeatureSet) -> dict[str, np.ndarray]:
    """Return the inputs that the network reads beside the terse values, by name."""
    column = features.clusters["supplementary"]
    return dict(zip(column.quantities, column.values.T, strict=True))


def _terse(arguments: argparse.Namespace, features: FeatureSet) -> np.ndarray:
    """Return the network's terse value of each cluster."""
    from encluster.network.model import load_model, terse_values

    backend.configure(threads=arguments.threads, precision="float32")
    model = load_model(arguments.model)
    expected, found = model.get_layer("encoder").inputs[0].shape[1], features.matrix.shape[1]
    if expected != found:
        raise ValueError(
            f"{arguments.model}: reads {expected} numbers per cluster, but the variant {features.variant!r} in "
            f"provenance.json has {found}; the two files do not belong together"
        )
    return np.asarray(terse_values(model, features.matrix))


if __name__ == "__main__":
    command_line.run(main)
