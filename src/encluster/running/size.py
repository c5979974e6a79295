"""How large a run will be, before it starts: clusters of the mock catalogs, their neighbors, room on the disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from encluster import files
from encluster.cosmology import Cosmology, mass_function
from encluster.halos.catalog import HaloCatalog
from encluster.halos.relations import abundance_ratio
from encluster.halos.surrogate import MeasuredNumbers
from encluster.mocks.settings import require_coverage
from encluster.mocks.survey import Survey, survey_from_settings
from encluster.network.architecture import architecture_from_spec
from encluster.network.inputs import VARIANTS
from encluster.running.configuration import mock_set, model, models
from encluster.types import FloatArray

_IMAGE_BYTES = 3e4  # of a cluster's compressed image and profile, measured
_SHELLS, _PROFILE_PIXELS = 7, 15
_PICTURES = 2e7  # bytes of figures, tables and logs
_SPARE = 1.25  # on top of the estimate


@dataclass(frozen=True, kw_only=True)
class RunSize:
    """What a run will make.

    Parameters
    ----------
    n_clusters : float
        Mean number of clusters in a standard mock catalog.
    megabytes : float
        Room that the results need on the disk.
    notes : tuple[str, ...]
        Lines to show before the run starts.
    """

    n_clusters: float
    megabytes: float
    notes: tuple[str, ...] = ()


def expected_size(config: Mapping[str, Any], catalog: HaloCatalog | None) -> RunSize:
    """Estimate the size of a run from the mass function, and check that the list covers the surveys.

    Parameters
    ----------
    config : Mapping[str, Any]
        The whole configuration.
    catalog : HaloCatalog or None
        The simulated clusters; None where the list is still to be fetched.

    Raises
    ------
    ValueError
        If the survey reaches to lower masses than the list, or more than half of the mock clusters would take
        their scatter from outside the window.
    """
    cosmology = Cosmology(**config["cosmology"])
    ratio = 1.0
    if catalog is not None:
        ratio = abundance_ratio(catalog, cosmology, box_mpc_h=config["box_mpc_h"], model=config["mass_function"])
    numbers: dict[str, float] = {}
    widened: list[tuple[float, float]] = []
    known: dict[Any, FloatArray] = {}
    for name in ("mocks", *config["mock_sets"]):
        sections = mock_set(config, name)
        survey, edges = survey_from_settings(sections["survey"], cosmology)
        redshift = sections["survey"]["redshift"]
        key = (survey.log_m_min, len(edges), redshift, *sections["mocks"]["sigma8"].values())
        if key not in known:
            known[key] = _abundance(config, sections["mocks"], edges, cosmology, redshift)
        expected = _expected(survey, edges, ratio * known[key], sections["mocks"])
        numbers[name] = float(expected.sum())
        if catalog is not None:
            widened.append(
                require_coverage(catalog, survey, edges, expected, sections["mocks"]["neighbors"], name=name)
            )
    n_simulated = config["halos"]["n_clusters"] if catalog is None else len(catalog)
    return RunSize(
        n_clusters=numbers["mocks"],
        megabytes=_SPARE * _bytes(config, numbers, n_simulated) / 1e6,
        notes=(*_incomplete(catalog, ratio), *_note(widened, config["mocks"]["neighbors"])),
    )


def _abundance(
    config: Mapping[str, Any], mocks: Mapping[str, Any], edges: FloatArray, cosmology: Cosmology, redshift: float
) -> FloatArray:
    """Return the clusters per mass bin in the box, (n_bins,), averaged over sigma8 by Simpson's rule."""
    first, last = mocks["sigma8"]["first"], mocks["sigma8"]["last"]
    centers, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    density = [
        mass_function(cosmology.with_sigma8(s), centers, redshift, model=config["mass_function"])
        for s in (first, (first + last) / 2, last)
    ]
    return config["box_mpc_h"] ** 3 * width * np.average(density, axis=0, weights=[1, 4, 1])


def _expected(survey: Survey, edges: FloatArray, in_box: FloatArray, mocks: Mapping[str, Any]) -> FloatArray:
    """Return the expected clusters per mass bin, (n_bins,), averaged over the relations of the grid (decision D8)."""
    relation = MeasuredNumbers().relations["lx"]
    grid, (low, high) = mocks["normalization"], mocks["lx_slope"]
    normalizations = np.linspace(grid["first"], grid["last"], grid["number"]).tolist()
    slopes = (low, (low + high) / 2, high)
    varied = [relation.varied(normalization=n, slope=s) for n in normalizations for s in slopes]
    drawn = [survey.of_relation(relation, other, flux_limit=mocks["flux_limit"]) for other in varied]
    return np.mean([each.expected(edges, in_box) for each in drawn], axis=0)


def _incomplete(catalog: HaloCatalog | None, ratio: float) -> list[str]:
    """Question a list with far more or fewer clusters than the mass function: its box or its mass limit is wrong."""
    if catalog is None or catalog.source == "surrogate" or 0.5 < ratio < 2:
        return []
    return [
        f"The list has {ratio:.2g} times the clusters that the mass function expects in the box above"
        f" 10^{catalog.log_m_limit:.2f} Msun/h, and the mock catalogs will have too; if it is incomplete, set"
        " halos.thinned: true; else see box_mpc_h and halos.log_m_limit."
    ]


def _note(widened: Sequence[tuple[float, float]], neighbors: Mapping[str, Any]) -> list[str]:
    if not widened:
        return []
    share, farthest = max(widened)
    return [
        f"Up to {share:.1%} of the mock clusters have fewer than {neighbors['minimum']} simulated clusters within"
        f" {neighbors['window_dex']:g} dex in mass; they take the nearest, up to {farthest:.2f} dex away."
    ]


def _bytes(config: Mapping[str, Any], numbers: Mapping[str, float], n_simulated: int) -> float:
    """Return the bytes of all files of a run, and those of the largest once more: it is replaced when it is whole."""
    width = {"cluster": 1, "shell": _SHELLS, "row": 1, "feature": _PROFILE_PIXELS, "supplement": 2}

    def per_row(kind: str) -> int:
        columns = [column for column in files.LAYOUTS[kind].values() if column.shape[0] in ("cluster", "row")]
        return sum(np.dtype(c.dtype).itemsize * int(np.prod([width[axis] for axis in c.shape])) for c in columns)

    def catalogs(name: str) -> int:
        grid = mock_set(config, name)["mocks"]
        return int(grid["sigma8"]["number"] * grid["normalization"]["number"] ** 3)

    mocks = {name: catalogs(name) * n * per_row("mocks") for name, n in numbers.items()}
    rows = models(config)
    variants = {row["variant"] for row in rows.values()} & set(VARIANTS)
    features = [catalogs(_of(v, numbers)) * numbers[_of(v, numbers)] * per_row("features") for v in variants]
    testing = config["features"]["fractions"][2]
    interpretations = [
        testing * catalogs("mocks") * numbers["mocks"] * per_row("interpretation") for _ in range(min(len(rows), 3))
    ]
    # weights, and for a while two copies of weights and the optimizer's state in a checkpoint
    networks = [
        16 * architecture_from_spec(model(config, name)["architecture"]).n_parameters(_PROFILE_PIXELS, 2)
        for name in rows
    ]
    made = [*mocks.values(), *features, *interpretations, *networks]
    return sum(made) + max(made) + n_simulated * _IMAGE_BYTES + _PICTURES


def _of(variant: str, numbers: Mapping[str, float]) -> str:
    return variant if variant in numbers else "mocks"
