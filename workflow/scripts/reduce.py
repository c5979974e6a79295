"""Reduce the results of the stages to the small table behind one figure or table: results/figNN.csv."""

import importlib
from pathlib import Path
from typing import Any

import pandas as pd

from encluster import command, storage


def main() -> None:
    """Read the inputs that the target names; write its CSV, with the source of the numbers in a column."""
    parser = command.parser(__doc__)
    parser.add_argument("--target", required=True, help="fig01, tab02, ...")
    parser.add_argument("--source", required=True, help="which simulation made the numbers")
    parser.add_argument("--photons", required=True, help="where the X-ray photons came from: simulate or simput")
    parser.add_argument("--input", action="append", default=[], metavar="NAME=PATH", help="an input, by its name")
    arguments = parser.parse_args()
    module = importlib.import_module(f"encluster.reductions.{arguments.target}")
    inputs: dict[str, Any] = {}
    for item in arguments.input:
        name, _, path = item.partition("=")
        inputs[name] = _read(name, Path(path))
    if arguments.spec:
        inputs["spec"] = arguments.spec
    table = module.reduce(**inputs).assign(source=arguments.source, photons=arguments.photons)
    with storage.replacing(arguments.output) as temporary:
        table.to_csv(temporary, index=False)


def _read(name: str, path: Path) -> Any:
    """Read an input in the way of its kind."""
    if name in ("profiles", "mocks"):
        return storage.read_h5(path, name)[0]
    if name == "features":
        from encluster.features import read_features

        return read_features(path)
    if name == "halos":
        from encluster.halos.catalog import read_catalog

        return read_catalog(path)
    if path.suffix == ".json":
        return storage.read_json(path)
    return pd.read_csv(storage.require_file(path))


if __name__ == "__main__":
    command.run(main)
