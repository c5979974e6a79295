"""The X-ray stage for a chunk of the halo catalog: images, and rows of the profiles file (section 2.1.2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from encluster import hdf5
from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.randomness import generator
from encluster.types import IntArray
from encluster.xray.density import shell_radii
from encluster.xray.emission import Observation
from encluster.xray.images import CountsImage
from encluster.xray.photons import group_population, simulate
from encluster.xray.population import draw_shape, normalized
from encluster.xray.profile import PARAMETERS, ProfileFit, analyze
from encluster.xray.settings import XraySettings
from encluster.xray.simput import bin_photons, read_simput

_PARAMETER_UNITS = ("cm^-3", "kpc", "kpc", "1", "1", "1", "cm^-3", "kpc", "1")


def chunk_rows(catalog: HaloCatalog, *, chunk: int, chunks: int) -> IntArray:
    """Return the rows of the catalog in a chunk: every `chunks`-th row.

    Parameters
    ----------
    catalog : HaloCatalog
        The clusters.
    chunk : int
        Number of the chunk, from 0.
    chunks : int
        Number of chunks.

    Returns
    -------
    IntArray
        (n_rows,) ascending rows.

    Raises
    ------
    ValueError
        If there is no such chunk, or it would be empty.
    """
    if not 0 <= chunk < chunks <= len(catalog):
        raise ValueError(f"chunk {chunk} of {chunks}: expected 0 <= chunk < chunks <= {len(catalog)} clusters")
    return np.arange(chunk, len(catalog), chunks)


def simulate_images(
    catalog: HaloCatalog,
    rows: IntArray,
    xray: XraySettings,
    *,
    cosmology: Cosmology,
    mass_function: str,
    seed: int,
) -> Iterator[CountsImage]:
    """Simulate the clusters of some rows, one at a time; each image depends only on the seed and its own row.

    Parameters
    ----------
    catalog : HaloCatalog
        The clusters, at the survey's redshift.
    rows : IntArray
        Rows of the catalog.
    xray : XraySettings
        The observation.
    cosmology : Cosmology
        Cosmology of the simulation.
    mass_function : str
        Model that gives the number of groups along the line of sight.
    seed : int
        Seed of all random numbers.

    Yields
    ------
    CountsImage
        Images in the order of `rows`.
    """
    observation = _observation(xray, cosmology, catalog.survey_redshift)
    groups = group_population(xray.line_of_sight, observation, model=mass_function)
    for row in rows:
        rng = generator(seed, "photons", int(catalog.id[row]))
        r500c_kpc = float(catalog.r500c_kpc[row])
        shape = draw_shape(float(catalog.f_core[row]), rng)
        density = normalized(shape, m_gas=float(catalog.m_gas[row]), r500c_kpc=r500c_kpc, h=cosmology.h)
        counts, _ = simulate(
            density=density,
            r500c_kpc=r500c_kpc,
            temperature=float(catalog.temperature[row]),
            m500c=float(catalog.m500c[row]),
            clumps=xray.clumps,
            groups=groups,
            observation=observation,
            rng=rng,
        )
        yield CountsImage(
            cluster=int(catalog.id[row]),
            m500c=float(catalog.m500c[row]),
            redshift=observation.redshift,
            counts=counts,
            source="encluster simulated photons",
        )


def _observation(xray: XraySettings, cosmology: Cosmology, redshift: float) -> Observation:
    return Observation(telescope=xray, cosmology=cosmology, redshift=redshift, metallicity=xray.metallicity)


def ingest_images(catalog: HaloCatalog, rows: IntArray, xray: XraySettings, *, seed: int) -> Iterator[CountsImage]:
    """Bin the portal's photon lists of the clusters of some rows, one at a time.

    Parameters
    ----------
    catalog : HaloCatalog
        The clusters.
    rows : IntArray
        Rows of the catalog.
    xray : XraySettings
        The observation; `xray.simput` has the pattern of the lists.
    seed : int
        Seed of all random numbers.

    Yields
    ------
    CountsImage
        Images in the order of `rows`.
    """
    pattern = str(xray.simput.pattern)
    for row in rows:
        cluster = int(catalog.id[row])
        path = Path(pattern.replace("{id}", catalog.labels[row]))
        photons = read_simput(path)
        rng = generator(seed, "photons", cluster)
        yield CountsImage(
            cluster=cluster,
            m500c=float(catalog.m500c[row]),
            redshift=photons.redshift,
            counts=bin_photons(photons, telescope=xray, rng=rng, where=str(path)),
            source="PHOX photon list",
        )


def fit_images(
    images: Iterable[CountsImage],
    catalog: HaloCatalog,
    rows: IntArray,
    xray: XraySettings,
    *,
    cosmology: Cosmology,
    where: str,
) -> dict[str, np.ndarray]:
    """Analyze images and return the datasets of a profiles file.

    Parameters
    ----------
    images : iterable of CountsImage
        Images of the clusters of `rows`, in this order; each is analyzed at its own redshift.
    catalog : HaloCatalog
        Source of each cluster's radius, temperature and true masses.
    rows : IntArray
        Rows of the catalog.
    xray : XraySettings
        The observation and its analysis.
    cosmology : Cosmology
        Cosmology of the simulation.
    where : str
        The file with the images, for messages.

    Returns
    -------
    dict[str, ndarray]
        Datasets of the layout ``profiles``.

    Raises
    ------
    ValueError
        If the images belong to other clusters or have another size, or an image has too few photons.
    """
    fits: list[ProfileFit] = []
    ids = [int(catalog.id[row]) for row in rows]
    for index, image in enumerate(images):
        if index >= len(ids) or image.cluster != ids[index]:
            expected = ids[index] if index < len(ids) else "none"
            raise ValueError(
                f"{where}: image {index + 1} is of cluster {image.cluster}, the catalog has {expected} here"
            )
        if image.counts.shape[0] != xray.n_pixels:
            raise ValueError(
                f"{where}: images have {image.counts.shape[0]} pixels per side, the configuration has {xray.n_pixels}"
            )
        try:
            fit = analyze(
                image.counts,
                r500c_kpc=float(catalog.r500c_kpc[rows[index]]),
                temperature=float(catalog.temperature[rows[index]]),
                observation=_observation(xray, cosmology, image.redshift),
                wavelet=xray.wavelet,
                n_annuli=xray.annuli,
                inner_shell=xray.inner_shell,
            )
        except ValueError as error:
            raise ValueError(f"{where}: cluster {image.cluster}: {error}") from error
        fits.append(fit)
    if len(fits) != len(ids):
        raise ValueError(f"{where}: {len(fits)} images, the catalog has {len(ids)} clusters in this chunk")
    return {
        "id": catalog.id[rows],
        "m500c": catalog.m500c[rows],
        "r500c_kpc": catalog.r500c_kpc[rows],
        "m_gas_true": catalog.m_gas[rows],
        "radius": shell_radii(xray.inner_shell),
        "density_parameters": np.array([[getattr(fit.density, name) for name in PARAMETERS] for fit in fits]),
        "annulus_edges": np.array([fit.annuli.edges_kpc for fit in fits]),
        "annulus_counts": np.array([fit.annuli.counts for fit in fits]),
        "annulus_pixels": np.array([fit.annuli.pixels for fit in fits]),
    } | {name: np.array([getattr(fit, name) for fit in fits]) for name in _FITTED}


_FITTED = (
    "m_gas_shell",
    "m_gas_shell_err",
    "gamma",
    "gamma_err",
    "m_gas",
    "m_gas_err",
    "counts",
    "n_masks",
    "deviance",
    "annulus_model",
)


def profile_attributes(catalog: HaloCatalog) -> dict[str, Any]:
    """Return the attributes of a profiles file.

    Parameters
    ----------
    catalog : HaloCatalog
        The clusters.

    Returns
    -------
    dict[str, Any]
        Source of the clusters, and units of the density parameters.
    """
    units = (f"{name} [{unit}]" for name, unit in zip(PARAMETERS, _PARAMETER_UNITS, strict=True))
    return {"source": catalog.source, "density_parameters": ", ".join(units)}


def merge(catalog: HaloCatalog, paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """Join chunks of the profiles file, with rows in the order of the halo catalog.

    Parameters
    ----------
    catalog : HaloCatalog
        The clusters.
    paths : sequence of Path
        Files of the chunks.

    Returns
    -------
    dict[str, ndarray]
        Datasets of the layout ``profiles``.

    Raises
    ------
    ValueError
        If a cluster is missing, in two chunks or unknown, or has another mass than in the catalog, or if a chunk comes
        from another simulation or has other shells.
    """
    parts: list[Mapping[str, np.ndarray]] = []
    row_of = {int(cluster): row for row, cluster in enumerate(catalog.id)}
    owner: dict[int, Path] = {}
    for path in paths:
        arrays, attributes = hdf5.read_h5(path, "profiles")
        if attributes["source"] != catalog.source:
            raise ValueError(f"{path}: source is {attributes['source']!r}, the halo catalog's is {catalog.source!r}")
        for cluster, mass in zip(arrays["id"].tolist(), arrays["m500c"], strict=True):
            if cluster not in row_of:
                raise ValueError(f"{path}: cluster {cluster} is not in the halo catalog")
            if cluster in owner:
                raise ValueError(f"{path}: cluster {cluster} is in {owner[cluster]} too")
            true = catalog.m500c[row_of[cluster]]
            if abs(mass / true - 1) > 1e-9:
                raise ValueError(
                    f"{path}: cluster {cluster} has m500c = {mass:.6g}, the halo catalog {true:.6g} Msun/h"
                )
            owner[cluster] = path
        parts.append(arrays)
        if not np.array_equal(arrays["radius"], parts[0]["radius"]):
            first, other = parts[0]["radius"][0], arrays["radius"][0]
            raise ValueError(
                f"{path}: the first shell ends at {other:g} R500c, in {paths[0]} at {first:g}; use one xray.inner_shell"
            )
    missing = [cluster for cluster in row_of if cluster not in owner]
    if missing:
        raise ValueError(f"profiles: cluster {missing[0]} and {len(missing) - 1} more of the halo catalog are missing")
    order = np.argsort([row_of[cluster] for part in parts for cluster in part["id"].tolist()])
    of_clusters = set(parts[0]) - {"radius"}
    merged = {name: np.concatenate([part[name] for part in parts])[order] for name in of_clusters}
    return {**merged, "radius": parts[0]["radius"]}
