"""Statistics of the mock catalogs for each alternative interpretation of the paper's text; they need no network."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.halos.catalog import HaloCatalog
from encluster.halos.relations import abundance_ratio
from encluster.halos.scaling import PIVOT_LOG_M, ScalingRelations
from encluster.interpretation.counting import NEAR, n_cluster_mapping
from encluster.interpretation.mass_proxies import proxy_scatter
from encluster.interpretation.self_calibration import N_WIDTH, Y_WIDTH, bin_edges, binned_sigma8, fixed_scatter, medians
from encluster.mocks.build import mock_model
from encluster.mocks.drawing import MockModel
from encluster.network.split import TESTING, TRAINING, split_at_random
from encluster.paper.alternatives import ALTERNATIVES, Alternative
from encluster.paper.typesetting import plain
from encluster.randomness import generator
from encluster.training.metrics import delta_sigma8
from encluster.types import FloatArray, IntArray

STEP = 11  # of the catalogs that are drawn for the proxies; prime to the 6 values of each normalization bias
FEW = 40  # catalogs: a smaller grid is drawn completely
BLOCK = 512  # catalogs that are drawn at once, so that memory stays small


def compare_alternatives(
    *,
    fractions: Sequence[float],
    halos: HaloCatalog,
    profiles: Mapping[str, np.ndarray],
    scaling: ScalingRelations,
    alternatives: Sequence[Alternative] = ALTERNATIVES,
    mapped: Callable[..., Iterable[Any]] = map,
    **settings: Any,
) -> pd.DataFrame:
    """Return a row per alternative with the statistics of its mock catalogs.

    Parameters
    ----------
    fractions : sequence of float
        Training, validation and testing parts of the catalogs.
    halos : HaloCatalog
        The clusters that the mock catalogs are drawn from.
    profiles : Mapping of str to ndarray
        Their fitted gas profiles, shape (clusters, shells), as `encluster.mocks.build.mock_model` takes them.
    scaling : ScalingRelations
        Their scaling relations.
    alternatives : sequence of Alternative, optional
        Those to compare.
    mapped : callable, optional
        `map`, or the `map` of a pool of processes.
    **settings
        ``survey``, ``mocks``, ``cosmology``, ``mass_function``, ``box_mpc_h`` and ``seed``, as for `mock_model`.

    Returns
    -------
    pd.DataFrame
        ``decision``, ``reading`` (the name of the alternative), ``is_default``; ``mean_n``; ``mapping`` and
        ``mapping_near_100``, the scatter of sigma8 predicted from N_cluster, for all testing catalogs and for those
        with 90-110 clusters (section 4.2.2); ``scatter_n_yx``, the scatter of sigma8 at given N_cluster and median
        Y_X (Fig. 14); ``break_yx`` and ``break_lx``, Spearman's rank correlation over the catalogs of log M_break with
        the median Y_X and with the median L_X: positive where the medians of Fig. 13 rise with M_break, negative where
        they fall; NaN if all catalogs have the same M_break; ``proxy_m_gas``, ``proxy_yx``, ``proxy_m_wl``, the
        scatters of mass proxies [%] (section 5.3), from every eleventh catalog; each with its ``_err``; ``prior``, the
        scatter of sigma8 over the grid, which is the error without data; ``note``, the reason for an empty row.
    """
    models: dict[str, MockModel] = {}  # COLOSSUS is slow, and alternatives share it
    asked: list[tuple[MockModel, tuple[float, float], Sequence[float]] | None] = []
    for alternative in alternatives:
        if alternative.complete and halos.thinned:
            asked.append(None)
            continue
        key = json.dumps(alternative.settings)
        if key not in models:
            models[key] = _model(settings, alternative.settings, halos=halos, profiles=profiles, scaling=scaling)
        asked.append((alternative.change(models[key]), alternative.slopes_vary, fractions))
    found = iter(mapped(_statistics, [item for item in asked if item is not None]))
    rows = [
        {
            "decision": alternative.decision,
            "reading": plain(alternative.name),
            "is_default": not alternative.decision,
            **({} if item is None else next(found)),
            "note": "needs a halo list that is complete in mass" if item is None else "",
        }
        for alternative, item in zip(alternatives, asked, strict=True)
    ]
    return pd.DataFrame(rows)


def _model(
    settings: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    halos: HaloCatalog,
    profiles: Mapping[str, np.ndarray],
    scaling: ScalingRelations,
) -> MockModel:
    read = {**settings}
    for key, change in changes.items():
        read[key] = settings[key].changed(change) if isinstance(change, Mapping) else change
    if {"cosmology", "mass_function"} & set(changes):  # whose number of clusters differs
        ratio = abundance_ratio(halos, read["cosmology"], box_mpc_h=read["box_mpc_h"], model=read["mass_function"])
        scaling = replace(scaling, abundance_ratio=ratio)
    return mock_model(**read, halos=halos, profiles=profiles, scaling=scaling)


def _statistics(arguments: tuple[MockModel, tuple[float, float], Sequence[float]]) -> dict[str, float]:
    model, slopes_vary, fractions = arguments
    catalogs = _catalogs(model, slopes_vary)
    sigma8, number, log_yx = (catalogs[name].to_numpy() for name in ("sigma8", "number", "log_yx"))
    return {
        **_counts(model, fractions, sigma8, number),
        **_scatter_at(number, log_yx, sigma8),
        **_follows_break(catalogs),
        **_proxies(model, slopes_vary),
    }


def _catalogs(model: MockModel, slopes_vary: tuple[float, float]) -> pd.DataFrame:
    """Return sigma8, log M_break, the number of clusters and their median log Y_X and log L_X for each catalog."""
    parts = []
    slopes = _slopes(model, slopes_vary, len(model.grid))
    for first in range(0, len(model.grid), BLOCK):
        block = slice(first, min(first + BLOCK, len(model.grid)))
        drawn = model.draw(range(block.start, block.stop))
        log_x = _turned(model, drawn, {x: bias[block] for x, bias in slopes.items()})
        columns = {
            "sigma8": drawn.catalog("sigma8"),
            "log_m_break": drawn.catalog("log_m_break"),
            "number": drawn.n_clusters,
            "log_yx": medians(log_x["m_gas"] + log_x["temperature"], drawn.offset),
            "log_lx": medians(drawn["log_lx"], drawn.offset),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _slopes(model: MockModel, slopes_vary: tuple[float, float], n: int) -> dict[str, FloatArray]:
    """Return biases of the slopes of T and M_gas for n catalogs."""
    return {x: generator(model.seed, f"slope of {x}").uniform(*slopes_vary, n) for x in ("m_gas", "temperature")}


def _turned(model: MockModel, drawn: ClusterCatalogs, slopes: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return log T and log M_gas of the clusters with biased slopes."""
    at_pivot = drawn["log_m500c"] - PIVOT_LOG_M
    return {
        x: drawn[f"log_{x}"] + (bias[drawn.owner] - 1) * model.simulation.relation[x].slope * at_pivot
        for x, bias in slopes.items()
    }


def _scatter_at(number: IntArray, median_log_yx: FloatArray, sigma8: FloatArray) -> dict[str, float]:
    """Return the scatter of sigma8 at given number of clusters and median Y_X (Fig. 14); NaN if all bins are poor."""
    edges = bin_edges(number, N_WIDTH), bin_edges(median_log_yx, Y_WIDTH)
    binned = binned_sigma8(number, median_log_yx, sigma8, *edges)
    if np.isnan(binned.std).all():
        return {"scatter_n_yx": np.nan, "scatter_n_yx_err": np.nan}
    found = fixed_scatter(binned, sigma8)
    return {"scatter_n_yx": found.value, "scatter_n_yx_err": found.error}


def _follows_break(catalogs: pd.DataFrame) -> dict[str, float]:
    """Return the rank correlations of log M_break with the catalogs' medians: the directions of Fig. 13."""
    found: dict[str, float] = {}
    ranks = catalogs[["log_m_break", "log_yx", "log_lx"]].rank().corr()["log_m_break"]
    for name in ("yx", "lx"):
        r = ranks[f"log_{name}"]  # its standard error: Bonett & Wright (2000)
        error = (1 - r**2) * np.sqrt((1 + r**2 / 2) / max(len(catalogs) - 3, 1))
        found |= {f"break_{name}": r, f"break_{name}_err": error}
    return found


def _counts(model: MockModel, fractions: Sequence[float], sigma8: FloatArray, number: IntArray) -> dict[str, float]:
    """Return the scatter of sigma8 that is predicted from the number of clusters (section 4.2.2)."""
    split = split_at_random(len(number), fractions, model.seed)
    testing = np.flatnonzero(split == TESTING)
    predicted = n_cluster_mapping(number, sigma8, np.flatnonzero(split == TRAINING), testing)
    near = (number[testing] >= NEAR[0]) & (number[testing] < NEAR[1])
    found = {
        "mean_n": float(number.mean()),
        "mean_n_err": float(number.std() / np.sqrt(len(number))),
        "prior": float(sigma8.std()),
    }
    for name, chosen in (("mapping", np.ones(len(testing), bool)), ("mapping_near_100", near)):
        found |= {name: np.nan, f"{name}_err": np.nan}
        if chosen.sum() > 1:
            scatter = delta_sigma8(sigma8[testing][chosen], predicted[chosen], seed=model.seed)
            found |= {name: scatter.value, f"{name}_err": scatter.error}
    return found


def _proxies(model: MockModel, slopes_vary: tuple[float, float]) -> dict[str, float]:
    """Return the scatter of the mass proxies, with each catalog's own offset removed (section 5.3)."""
    indices = range(0, len(model.grid), STEP if len(model.grid) > FEW else 1)
    drawn = model.draw(indices)
    log_x = _turned(model, drawn, _slopes(model, slopes_vary, len(indices)))
    found: dict[str, float] = {}
    for name, values in (
        ("m_gas", log_x["m_gas"]),
        ("yx", log_x["m_gas"] + log_x["temperature"]),
        ("m_wl", drawn["log_m_wl"]),
    ):
        scatter = proxy_scatter(drawn["log_m500c"], values, drawn.owner)
        found |= {f"proxy_{name}": 100 * scatter.scatter, f"proxy_{name}_err": 100 * scatter.error}
    return found
