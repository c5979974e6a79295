"""Audit a trained network: whether single clusters' terse values carry sigma8 beyond their masses (Appendix B).

Needs the network with the provenance.json that its training left beside it, and mock catalogs: those it was trained
on, of which only the testing set is looked at, or any others of the same layout (--catalogs all). Prints one line;
the exit status tells whether the audit could be made, not what it found. What has no number, since there are too few
catalogs, is null in the .json.
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
from encluster.network.inputs import TESTING, FeatureSet, build_features
from encluster.running import command_line
from encluster.settings import MOST_SEED

RECIPE = ("variant", "seed", "scaling", "interval", "fractions", "mocks")


def main() -> None:
    """Read network, provenance and mocks; print the verdict and write its numbers."""
    arguments = _arguments()
    backend.import_keras()
    files.require_file(arguments.model)
    recipe = _recipe(arguments.model.parent / "provenance.json")
    trained_on = recipe.pop("mocks")
    mocks = ClusterCatalogs.read(arguments.mocks, "mocks")
    features = build_features(mocks, **recipe)
    _require_unseen(arguments, features.mocks == trained_on)
    if arguments.catalogs == "testing":
        features = features.select(features.indices(TESTING))
    try:
        # before the network is loaded, which takes a while
        require_labels(features.sigma8)
    except ValueError as error:
        raise ValueError(f"{arguments.mocks} ({arguments.catalogs} catalogs): {error}") from error
    found = audit(
        _terse(arguments, features),
        mocks["log_m500c"][features.cluster],
        features.sigma8,
        features.offset,
        seed=arguments.seed,
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
        help="testing: those that the training left of its mocks; all: of mocks that the network has never seen",
    )
    parser.add_argument("--output", type=command_line.output, help="a .json of all numbers")
    parser.add_argument("--seed", type=command_line.within(int, 0, MOST_SEED), default=0, help="of the permutations")
    parser.add_argument("--threads", type=command_line.THREADS, default=2, help="of the network")
    return parser.parse_args()


def _recipe(path: Path) -> dict[str, Any]:
    """Return how the network's features were made, as its training has written it."""
    if not path.exists():
        raise ValueError(f"{path}: no such file; the audit needs what the training wrote beside the network")
    recipe = files.read_json(path).get("features", {})
    missing = [key for key in RECIPE if recipe.get(key, "") == ""]
    if missing:
        raise ValueError(f"{path}: features.{missing[0]} is missing; train the network again with this version")
    return {key: recipe[key] for key in RECIPE}


def _require_unseen(arguments: argparse.Namespace, of_training: bool) -> None:
    """Raise ValueError where the training has seen the catalogs, or where they have no testing set."""
    if of_training and arguments.catalogs == "all":
        raise ValueError(
            f"{arguments.mocks}: {arguments.model} was trained on some of these catalogs; use --catalogs testing"
        )
    if not of_training and arguments.catalogs == "testing":
        raise ValueError(
            f"{arguments.mocks}: not the mocks that {arguments.model} was trained on, so none of its catalogs are "
            "left for testing; give those of the training, or audit on all of these with --catalogs all"
        )


def _valid(content: Any) -> Any:
    """Return the content with None in place of NaN, which JSON does not know."""
    if isinstance(content, dict):
        return {key: _valid(value) for key, value in content.items()}
    return None if isinstance(content, float) and math.isnan(content) else content


def _terse(arguments: argparse.Namespace, features: FeatureSet) -> np.ndarray:
    """Return the network's terse value of each cluster."""
    from encluster.network.model import load_model, terse_values

    backend.configure(threads=arguments.threads, precision="float32")
    model = load_model(arguments.model)
    expected, found = model.get_layer("encoder").inputs[0].shape[1], features.matrix.shape[1]
    if expected != found:
        raise ValueError(
            f"{arguments.model}: reads {expected} numbers of a cluster, but the variant {features.variant!r} of its "
            f"provenance.json has {found}; do the two files belong together?"
        )
    return np.asarray(terse_values(model, features.matrix))


if __name__ == "__main__":
    command_line.run(main)
