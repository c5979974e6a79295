"""What is looked at before the first job starts: bad input stops a run while all earlier results still stand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from encluster.cosmology import Cosmology
from encluster.environment import check_environment
from encluster.halos.build import build_catalog
from encluster.halos.catalog import HaloCatalog
from encluster.storage import require_file, require_room
from encluster.survey import survey_from_settings
from encluster.xray.settings import settings

ROOM_MB = 500  # a run at full size makes 330 MB


def check(results: Path, config: Mapping[str, Any]) -> None:
    """Raise ValueError for what a job would stumble over later: settings, the list of clusters, the folder of results.

    Parameters
    ----------
    results : folder of everything that is made
    config : the configuration, with the halos.path of a list that can be read now, or null
    """
    check_environment()
    require_room(results, megabytes=ROOM_MB)
    survey_from_settings(config["survey"], Cosmology(**config["cosmology"]))
    chosen = settings(config)
    if config["halos"]["path"] is None and config["halos"]["source"] != "surrogate":
        return  # the list is still to be fetched
    catalog = build_catalog(
        config["halos"],
        cosmology=Cosmology(**config["cosmology"]),
        survey_redshift=config["survey"]["redshift"],
        mass_function=config["mass_function"],
        seed=config["seed"],
    )
    _check_chunks(config["xray"], catalog)
    if config["xray"]["photons"] == "simput":
        for cluster in catalog.id:
            require_file(Path(str(chosen.simput_pattern).replace("{id}", str(cluster))))


def _check_chunks(xray: Mapping[str, Any], catalog: HaloCatalog) -> None:
    if xray["chunks"] > len(catalog):
        raise ValueError(f"xray.chunks = {xray['chunks']}: must not exceed the number of clusters, {len(catalog)}")
