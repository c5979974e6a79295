"""What is looked at before the first job starts: bad input stops a run while all earlier results still stand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from encluster.cosmology import Cosmology
from encluster.halos.build import build_catalog
from encluster.storage import require_room

ROOM_MB = 500  # a run at full size makes 330 MB


def check(results: Path, halos: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    """Raise ValueError where results cannot be written, or the list of clusters is not what it must be.

    Parameters
    ----------
    results : folder of everything that is made
    halos : the configuration's ``halos`` section; a list that is still to be fetched is not looked at
    config : the whole configuration
    """
    require_room(results, megabytes=ROOM_MB)
    if halos["path"] and Path(halos["path"]).exists():
        build_catalog(
            halos,
            cosmology=Cosmology(**config["cosmology"]),
            survey_redshift=config["survey"]["redshift"],
            mass_function=config["mass_function"],
            seed=config["seed"],
        )
