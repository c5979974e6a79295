"""Reduce results of the stages to the numbers of one figure or table, and write figNN.columns.csv beside figNN.csv."""

import importlib
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from encluster import files, hdf5
from encluster.catalogs import ClusterCatalogs
from encluster.running import command_line
from encluster.running.configuration import Configuration
from encluster.running.figure_files import FigureFile

PAPER_FIGURES = Path(__file__).parents[2] / "paper_figures"


def main() -> None:
    """Read the inputs that the figure's file declares; write its table with the source of the numbers in a column."""
    example = "--config results/laptop/config.yaml --target fig11 --output fig11.csv"
    parser = command_line.parser(__doc__, example=example)
    parser.add_argument("--target", required=True, help="fig01, tab02, ...: the name of a file in paper_figures/")
    arguments = parser.parse_args()
    declared = FigureFile.read(files.require_file(PAPER_FIGURES / f"{arguments.target}.py"))
    config = Configuration.read(arguments.config)
    results, sources = Path(config.results).expanduser(), set[str]()

    def read(path: str) -> Any:
        content, source = _read(results / path)
        if source:
            sources.add(source)
        return content

    inputs = {
        name: read(path) if isinstance(path, str) else {item: read(each) for item, each in path.items()}
        for name, path in declared.paths(config.placeholders).items()
    }
    if len(sources) > 1:
        raise ValueError(f"{config.results}: made from different simulations: {', '.join(sorted(sources))}")
    if declared.settings:
        inputs["settings"] = config.only(*declared.settings)
    sys.path.insert(0, str(PAPER_FIGURES))
    table = importlib.import_module(arguments.target).reduce(**inputs)
    if list(table) != list(declared.columns):
        raise ValueError(f"{arguments.target}: has the columns {list(table)}, declares {list(declared.columns)}")
    about = {**declared.columns, "source": ("", "name of the halo catalog"), "photons": ("", "origin of the photons")}
    columns = pd.DataFrame([(name, *words) for name, words in about.items()], columns=["column", "unit", "meaning"])
    made_from = {"source": sources.pop() if sources else "none", "photons": config.xray.photons}
    sidecar = arguments.output.with_suffix(".columns.csv")
    for path, made in ((arguments.output, table.assign(**made_from)), (sidecar, columns)):
        with files.replacing(path) as temporary:
            made.to_csv(temporary, index=False)


def _read(path: Path) -> tuple[Any, str | None]:
    """Return a result of an earlier stage, and the name of the halo catalog behind it where the file says it."""
    kind = "profiles" if path.name == "profiles.h5" else path.parent.name
    if path.suffix == ".csv":
        return pd.read_csv(files.require_file(path)), None
    if path.name == "halos.ecsv":
        from encluster.halos.catalog import read_catalog

        halos = read_catalog(path)
        return halos, halos.source
    if path.name == "scaling.json":
        from encluster.halos.scaling import ScalingRelations

        scaling = ScalingRelations.read(path)
        return scaling, scaling.source
    if path.suffix == ".json":
        content = files.read_json(path)
        return content, content["source"]
    if kind == "features":
        from encluster.network.feature_set import FeatureSet

        features = FeatureSet.read(path, kind)
        return features, features.source
    if kind == "profiles":
        arrays, attributes = hdf5.read_h5(path, kind)
        return arrays, attributes["source"]
    catalogs = ClusterCatalogs.read(path, kind)
    return catalogs, catalogs.source


if __name__ == "__main__":
    command_line.run(main)
