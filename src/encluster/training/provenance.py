"""What the provenance.json of a trained network says of its input."""

from pathlib import Path
from typing import Any

from encluster import files

_RECIPE = ("variant", "seed", "scaling", "interval", "fractions", "mocks")


def features_of_training(model: Path) -> tuple[dict[str, Any], str]:
    """Return how the input of a network was made from mock catalogs.

    Parameters
    ----------
    model : Path
        A network with the provenance.json of its training beside it.

    Returns
    -------
    recipe : dict
        Arguments of `encluster.network.inputs.build_features`.
    mocks : str
        Result of `encluster.network.inputs.fingerprint` for the mock catalogs of the training.

    Raises
    ------
    ValueError
        If the network or the file is missing, or the file does not say it.
    """
    path = files.require_file(model).parent / "provenance.json"
    if not path.exists():
        raise ValueError(f"{path}: no such file; the file of the training must be beside the network")
    recipe = files.read_json(path).get("features", {})
    missing = [key for key in _RECIPE if recipe.get(key, "") == ""]
    if missing:
        raise ValueError(f"{path}: features.{missing[0]} is missing; train the network again with this version")
    return {key: recipe[key] for key in _RECIPE if key != "mocks"}, str(recipe["mocks"])
