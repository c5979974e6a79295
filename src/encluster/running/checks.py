"""Checks before the first job starts: a run with bad input stops before it replaces an earlier result."""

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
    """Check settings, halo catalog and results folder for errors that would stop a later job.

    Parameters
    ----------
    results : Path
        Folder of all results.
    config : Configuration
        All settings; a halo catalog with a url is not checked, because it is not yet downloaded.

    Returns
    -------
    RunSize
        The expected size of the run.

    Raises
    ------
    ValueError
        If a setting, the halo catalog or the results folder is wrong; the message describes the first error.
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
    """Return the halo catalog; check that each chunk has a cluster and each cluster a photon list."""
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
