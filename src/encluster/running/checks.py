"""What is looked at before the first job starts: bad input stops a run while all earlier results still stand."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from encluster.cosmology import Cosmology
from encluster.files import require_file, require_room
from encluster.halos.build import build_catalog
from encluster.halos.catalog import HaloCatalog
from encluster.network.backend import check_environment
from encluster.running.size import RunSize, expected_size
from encluster.xray.settings import settings


def check(results: Path, config: Mapping[str, Any]) -> RunSize:
    """Look for what a job would stumble over later: settings, the list of clusters, the folder of results.

    Parameters
    ----------
    results : Path
        Folder of everything that is made.
    config : Mapping[str, Any]
        The configuration, with the halos.path of a list that can be read now, or null.

    Returns
    -------
    RunSize
        What the run will make.

    Raises
    ------
    ValueError
        For the first thing that is wrong, in one line.
    """
    check_environment()
    chosen = settings(config)
    catalog = None
    if config["halos"]["path"] is not None or config["halos"]["source"] == "surrogate":
        catalog = build_catalog(
            config["halos"],
            cosmology=Cosmology(**config["cosmology"]),
            survey_redshift=config["survey"]["redshift"],
            mass_function=config["mass_function"],
            seed=config["seed"],
        )
        _check_chunks(config["xray"], catalog)
        if config["xray"]["photons"] == "simput":
            for cluster in catalog.labels:
                require_file(Path(str(chosen.simput_pattern).replace("{id}", cluster)))
    size = expected_size(config, catalog)
    require_room(results, megabytes=size.megabytes)
    dropped = [line for line in catalog.provenance if "bad rows dropped" in line] if catalog else []
    return replace(size, notes=(*dropped, *size.notes))


def _check_chunks(xray: Mapping[str, Any], catalog: HaloCatalog) -> None:
    if xray["chunks"] > len(catalog):
        raise ValueError(f"xray.chunks = {xray['chunks']}: must not exceed the number of clusters, {len(catalog)}")
