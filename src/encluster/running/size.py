"""The size of a run before it starts: clusters of the mock catalogs, disk space, time of the jobs."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encluster.cosmology import Cosmology, mass_function
from encluster.halos.catalog import HaloCatalog
from encluster.halos.relations import abundance_ratio
from encluster.halos.surrogate import MeasuredNumbers
from encluster.layouts import LAYOUTS
from encluster.mocks.build import require_coverage
from encluster.mocks.halves import chosen_clusters
from encluster.mocks.settings import MockSettings, Neighbors
from encluster.mocks.survey import Survey
from encluster.running.configuration import Configuration
from encluster.running.results_folder import CONFIG_FILE
from encluster.training.duration import describe_plan, duration, estimated_seconds, find_gpu
from encluster.types import FloatArray

_IMAGE_BYTES = 3e4  # compressed image and profile of a cluster, measured
_SHELLS, _PROFILE_PIXELS = 7, 15
_PICTURES = 2e7  # bytes of figures, tables and logs
_SPARE = 1.25  # factor on the estimate
# CPU seconds of a job, measured on one core; for jobs on mock catalogs: with the paper's grid of 600,000 clusters
_SECONDS_PER_CLUSTER = {"observe": 0.02, "fit_profiles": 0.11}
_SECONDS_OF_MOCKS = {
    "make_mocks": 5.0,
    "build_features": 1.0,
    "interpret": 9.0,
    "audit_model": 5.0,
    "predict_unseen": 10.0,
    "compare_alternatives": 30.0,
}
_SECONDS_OF_OTHERS = 1.5
_CLUSTERS_OF_PAPER = 6.0e5
_LONG_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class RunSize:
    """The expected size of a run.

    Parameters
    ----------
    n_clusters : float
        Mean number of clusters in a standard mock catalog.
    megabytes : float
        Disk space that the results need [MB].
    notes : tuple[str, ...]
        Lines to show before the run starts.
    """

    n_clusters: float
    megabytes: float
    notes: tuple[str, ...] = ()


def expected_size(config: Configuration, catalog: HaloCatalog | None) -> RunSize:
    """Estimate the size of a run from the mass function, and check that the halo catalog covers the surveys.

    Parameters
    ----------
    config : Configuration
        All settings.
    catalog : HaloCatalog or None
        The simulated clusters; None if the catalog is not yet downloaded.

    Returns
    -------
    RunSize
        Clusters per standard mock catalog, disk space and notes.

    Raises
    ------
    ValueError
        If the survey reaches lower masses than the halo catalog, or more than half of the mock clusters would take
        their scatter from outside the mass window.
    """
    cosmology = config.cosmology
    ratio = 1.0
    if catalog is not None:
        ratio = abundance_ratio(catalog, cosmology, box_mpc_h=config.box_mpc_h, model=config.mass_function)
    numbers: dict[str, float] = {}
    widened: list[tuple[float, float]] = []
    known: dict[Any, FloatArray] = {}
    for name in ("mocks", *config.mock_sets):
        survey, mocks = config.mock_set(name)
        selection, edges = survey.survey(cosmology)
        key = (selection.log_m_min, len(edges), survey.redshift, mocks.sigma8)
        if key not in known:
            known[key] = _abundance(config, mocks, edges, survey.redshift)
        expected = _expected(selection, edges, ratio * known[key], mocks, cosmology)
        numbers[name] = float(expected.sum())
        if catalog is not None:
            widened.append(
                require_coverage(
                    chosen_clusters(catalog, mocks, seed=config.seed),
                    selection,
                    edges,
                    expected,
                    mocks.neighbors,
                    name=name,
                )
            )
    n_simulated = config.halos.n_clusters if catalog is None else len(catalog)
    return RunSize(
        n_clusters=numbers["mocks"],
        megabytes=_SPARE * _bytes(config, numbers, n_simulated) / 1e6,
        notes=(*_incomplete(catalog, ratio), *_note(widened, config.mocks.neighbors)),
    )


def _abundance(config: Configuration, mocks: MockSettings, edges: FloatArray, redshift: float) -> FloatArray:
    """Return the clusters per mass bin in the box, (n_bins,), averaged over sigma8 by Simpson's rule."""
    first, last = mocks.sigma8.first, mocks.sigma8.last
    centers, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    density = [
        mass_function(config.cosmology.with_sigma8(s), centers, redshift, model=config.mass_function)
        for s in (first, (first + last) / 2, last)
    ]
    return config.box_mpc_h**3 * width * np.average(density, axis=0, weights=[1, 4, 1])


def _expected(
    survey: Survey, edges: FloatArray, in_box: FloatArray, mocks: MockSettings, cosmology: Cosmology
) -> FloatArray:
    """Return the expected clusters per mass bin, (n_bins,), averaged over the relations of the grid (decision D8)."""
    relation = MeasuredNumbers().relations["lx"]
    low, high = mocks.lx_slope
    slopes = (low, (low + high) / 2, high)
    pivot = mocks.lx_slope_pivot.log_m(cosmology)
    varied = [
        relation.varied(normalization=n, slope=s, slope_pivot=pivot) for n in mocks.normalization.values for s in slopes
    ]
    drawn = [survey.of_relation(relation, other, flux_limit=mocks.flux_limit) for other in varied]
    return np.mean([each.expected(edges, in_box) for each in drawn], axis=0)


def _incomplete(catalog: HaloCatalog | None, ratio: float) -> list[str]:
    """Return a note if the halo catalog has far more or fewer clusters than the mass function predicts."""
    if catalog is None or catalog.source == "surrogate" or 0.5 < ratio < 2:
        return []
    return [
        f"The list has {ratio:.2g} times the clusters that the mass function expects in the box above"
        f" 10^{catalog.log_m_limit:.2f} Msun/h, and so will the mock catalogs. If the list is incomplete, set"
        " halos.thinned: true; otherwise check box_mpc_h and halos.log_m_limit."
    ]


def _note(widened: Sequence[tuple[float, float]], neighbors: Neighbors) -> list[str]:
    if not widened:
        return []
    share, farthest = max(widened)
    return [
        f"Up to {share:.1%} of the mock clusters have fewer than {neighbors.minimum} simulated clusters within"
        f" {neighbors.window_dex:g} dex in mass; they use the nearest ones, up to {farthest:.2f} dex away."
    ]


def _bytes(config: Configuration, numbers: Mapping[str, float], n_simulated: int) -> float:
    """Return the bytes of all files of a run, plus a temporary copy of the largest file while it is replaced."""
    width = {"cluster": 1, "shell": _SHELLS, "feature": _PROFILE_PIXELS, "supplement": 2}

    def per_row(kind: str) -> int:
        columns = [column for column in LAYOUTS[kind].values() if column.shape[0] == "cluster"]
        return sum(np.dtype(c.dtype).itemsize * int(np.prod([width[axis] for axis in c.shape])) for c in columns)

    def rows(name: str) -> float:
        return config.mock_set(name)[1].n_catalogs * numbers[name]

    mocks = {name: rows(name) * per_row("mocks") for name in numbers}
    models = [(config.mocks_of(row), row.variant, row.seeds) for row in config.models.values()]
    features = [rows(name) * per_row("features") for name, _ in {(name, variant) for name, variant, _ in models}]
    testing = config.features.fractions[2]
    interpretations = [
        testing * rows(name) * per_row("interpretation") for name, _, seeds in models for _ in range(seeds)
    ]
    # weights, and during the training two checkpoints with the weights and the optimizer's state
    networks = [
        16 * row.seeds * config.training_of(name).architecture.n_parameters(_PROFILE_PIXELS, 2)
        for name, row in config.models.items()
    ]
    made = [*mocks.values(), *features, *interpretations, *networks]
    # for clusters that no training uses: other simulations; of a list, mock catalogs and features of its halves
    unseen, simulations = sum(mocks[name] for name in {name for name, _, _ in models}), 1 + config.checks.realizations
    if config.halos.source != "surrogate":
        unseen, simulations = 2 * unseen + sum(features), 1
    images = simulations * n_simulated * _IMAGE_BYTES
    return sum(made) + max(made) + config.checks.realizations * unseen + images + _PICTURES


def expected_seconds(
    config: Configuration, size: RunSize, jobs: Mapping[str, int], models: Sequence[str], *, cores: int
) -> float:
    """Estimate the time of a run.

    Parameters
    ----------
    config : Configuration
        All settings.
    size : RunSize
        The result of `expected_size`.
    jobs : Mapping
        Number of jobs of each rule.
    models : sequence of str
        Names of the models to train.
    cores : int
        Number of cores that Snakemake may use.

    Returns
    -------
    float
        Wall time [s].
    """
    grid = config.mocks.n_catalogs * size.n_clusters / _CLUSTERS_OF_PAPER
    clusters = config.halos.n_clusters / config.xray.chunks
    other = sum(
        number
        * (clusters * _SECONDS_PER_CLUSTER.get(rule, 0) + grid * _SECONDS_OF_MOCKS.get(rule, 0) or _SECONDS_OF_OTHERS)
        for rule, number in jobs.items()
        if not rule.startswith("train")
    )
    gpu = find_gpu() is not None
    trainings = {name: config.training_of(name) for name in models}
    work = {
        name: estimated_seconds(spec, n_catalogs=_training_set(config), n_clusters=size.n_clusters, gpu=gpu)
        for name, spec in trainings.items()
    }
    if gpu:
        return other / cores + sum(work.values())
    threads = [seconds * min(trainings[name].training.threads, cores) for name, seconds in work.items()]
    return max([other / cores + sum(threads) / cores, *work.values()])


def banner(
    config: Configuration, size: RunSize, jobs: Mapping[str, int], models: Sequence[str], *, cores: int, target: str
) -> str:
    """Return the lines to show before a run: halo catalog, number of jobs, time, disk space, and notes on the list.

    Parameters
    ----------
    config : Configuration
        All settings.
    size : RunSize
        The result of `expected_size`.
    jobs : Mapping
        Number of jobs of each rule.
    models : sequence of str
        Names of the models to train.
    cores : int
        Number of cores that Snakemake may use.
    target : str
        Target of the run.

    Returns
    -------
    str
        One or more lines.
    """
    seconds = expected_seconds(config, size, jobs, models, cores=cores)
    number = sum(jobs.values())
    lines = [
        f"encluster: {config.halos.name} halos, {config.mocks.n_catalogs:,} mock catalogs -> {config.results};"
        f" {_counted(number, 'job')} on {_counted(cores, 'core')}, about {duration(seconds)};"
        f" all results take about {size.megabytes:,.0f} MB."
    ]
    if models:
        lines.append(
            f"{_counted(len(models), 'model')} to train: {', '.join(models)}. "
            + describe_plan(
                config.training_of(models[0]),
                n_catalogs=_training_set(config),
                n_clusters=size.n_clusters,
                gpu=find_gpu(),
            )
        )
    if seconds > _LONG_SECONDS and (other := _finished(Path(config.results), target)):
        lines.append(
            f"{other} already has this result: snakemake --cores all --configfile {other / CONFIG_FILE} -- {target}"
        )
    return "\n".join([*lines, *size.notes])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _training_set(config: Configuration) -> int:
    return int(config.mocks.n_catalogs * config.features.fractions[0])


def _finished(results: Path, target: str) -> Path | None:
    """Return a results folder inside the given one in which another configuration has made the target."""
    names = ("scorecard.csv",) if target == "all" else (f"{target}.pdf", f"{target}.md", f"{target}.csv")
    for config in sorted(results.glob(f"*/{CONFIG_FILE}"), key=os.path.getmtime, reverse=True):
        if any((config.parent / name).exists() for name in names):
            return config.parent
    return None
