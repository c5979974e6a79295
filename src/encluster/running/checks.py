"""Checks before the first job starts: bad input stops a run while all earlier results still stand."""

from dataclasses import replace
from pathlib import Path

from encluster.files import require_file, require_room
from encluster.halos.build import build_catalog
from encluster.halos.catalog import HaloCatalog
from encluster.network.backend import check_environment
from encluster.running.configuration import Configuration
from encluster.running.size import RunSize, expected_size
from encluster.xray.emission import Observation


def check(results: Path, config: Configuration) -> RunSize:
    """Look for what a job would fail on later: settings, the list of clusters, the folder of results.

    Parameters
    ----------
    results : Path
        Folder of everything that is made.
    config : Configuration
        All settings; a list with a url is not looked at, since it is still to be fetched.

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
    xray = config.xray
    Observation(
        telescope=xray,
        cosmology=config.cosmology,
        redshift=config.survey.redshift,
        metallicity=xray.metallicity,
    )
    catalog = None if config.halos.url else _catalog(config)
    size = expected_size(config, catalog)
    require_room(results, megabytes=size.megabytes)
    dropped = [line for line in catalog.provenance if "bad rows dropped" in line] if catalog else []
    return replace(size, notes=(*dropped, *size.notes))


def _catalog(config: Configuration) -> HaloCatalog:
    """Return the halo catalog, if it has a cluster for each chunk and a photon list for each cluster."""
    catalog = build_catalog(
        config.halos,
        cosmology=config.cosmology,
        survey_redshift=config.survey.redshift,
        mass_function=config.mass_function,
        seed=config.seed,
    )
    xray = config.xray
    if xray.chunks > len(catalog):
        raise ValueError(f"xray.chunks = {xray.chunks}: must not exceed the number of clusters, {len(catalog)}")
    if xray.photons == "simput":
        for cluster in catalog.labels:
            require_file(Path(str(xray.simput.pattern).replace("{id}", cluster)))
    return catalog
