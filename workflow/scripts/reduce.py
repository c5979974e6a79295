"""Reduce the results of the stages to the small table behind one figure or table: results/figNN.csv."""

import importlib
from pathlib import Path
from typing import Any

import pandas as pd

from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.running import command_line
from encluster.running.configuration import Configuration


def main() -> None:
    """Read the inputs that the target names; write its CSV, with the source of the numbers in a column."""
    example = (
        "--config results/laptop/config.yaml --target tab02 --input scaling=results/laptop/halos/scaling.json"
        " --output tab02.csv"
    )
    parser = command_line.parser(__doc__, example=example)
    parser.add_argument("--target", required=True, help="fig01, tab02, ...")
    parser.add_argument("--input", action="append", default=[], metavar="NAME=PATH", help="an input, by its name")
    arguments = parser.parse_args()
    module = importlib.import_module(f"encluster.reductions.{arguments.target}")
    inputs: dict[str, Any] = {}
    sources: set[str] = set()
    for item in arguments.input:
        name, _, path = item.partition("=")
        inputs[name], source = _read(name, Path(path))
        if source:
            sources.add(source)
    if len(sources) > 1:
        raise ValueError(
            f"{arguments.output}: inputs were made from different simulations: {', '.join(sorted(sources))}"
        )
    config = Configuration.read(arguments.config)
    if chosen := getattr(module, "SETTINGS", ()):
        inputs["settings"] = config.only(*chosen)
    source = sources.pop() if sources else "none"
    table = module.reduce(**inputs).assign(source=source, photons=config.xray.photons)
    with files.replacing(arguments.output) as temporary:
        table.to_csv(temporary, index=False)


def _read(name: str, path: Path) -> tuple[Any, str | None]:
    """Read an input in the way of its kind; return it and which simulation made it, if it says so."""
    kind = name.partition("_")[0]  # as in mocks_smaller, interpretation_no_wl
    if kind == "profiles":
        arrays, attributes = files.read_h5(path, kind)
        return arrays, attributes["source"]
    if kind in ("mocks", "interpretation"):
        catalogs = ClusterCatalogs.read(path, kind)
        return catalogs, catalogs.source
    if kind == "features":
        from encluster.network.inputs import FeatureSet

        features = FeatureSet.read(path, kind)
        return features, features.source
    if kind == "scaling":
        from encluster.halos.scaling import ScalingRelations

        scaling = ScalingRelations.read(path)
        return scaling, scaling.source
    if kind == "halos":
        from encluster.halos.catalog import read_catalog

        halos = read_catalog(path)
        return halos, halos.source
    if path.suffix == ".json":
        content = files.read_json(path)
        return content, content["source"]
    return pd.read_csv(files.require_file(path)), None


if __name__ == "__main__":
    command_line.run(main)
