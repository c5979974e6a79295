"""Statistics of the mock catalogs for each alternative interpretation of the paper's text; they need no network."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from encluster.halos.catalog import HaloCatalog
from encluster.halos.relations import abundance_ratio
from encluster.halos.scaling import PIVOT_LOG_M, ScalingRelations
from encluster.interpretation.counting import NEAR, n_cluster_mapping
from encluster.interpretation.mass_proxies import proxy_scatter
from encluster.mocks.build import mock_model
from encluster.mocks.drawing import MockModel
from encluster.network.split import TESTING, TRAINING, split_at_random
from encluster.paper.alternatives import ALTERNATIVES, Alternative
from encluster.paper.typesetting import plain
from encluster.randomness import generator
from encluster.training.metrics import delta_sigma8

STEP = 11  # of the catalogs that are drawn for the proxies; prime to the 6 values of each normalization bias
FEW = 40  # catalogs: a smaller grid is drawn completely


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
        with 90-110 clusters (section 4.2.2); ``proxy_m_gas``, ``proxy_yx``, ``proxy_m_wl``, the scatters of mass
        proxies [%] (section 5.3); each with its ``_err``; ``prior``, the scatter of sigma8 over the grid, which is
        the error without data; ``note``, the reason for an empty row.
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
    if "mass_function" in changes:  # whose number of clusters differs
        ratio = abundance_ratio(halos, read["cosmology"], box_mpc_h=read["box_mpc_h"], model=read["mass_function"])
        scaling = replace(scaling, abundance_ratio=ratio)
    return mock_model(**read, halos=halos, profiles=profiles, scaling=scaling)


def _statistics(arguments: tuple[MockModel, tuple[float, float], Sequence[float]]) -> dict[str, float]:
    model, slopes_vary, fractions = arguments
    return {**_counts(model, fractions), **_proxies(model, slopes_vary)}


def _counts(model: MockModel, fractions: Sequence[float]) -> dict[str, float]:
    """Return the scatter of sigma8 that is predicted from the number of clusters (section 4.2.2)."""
    number = model.count(range(len(model.grid)))
    sigma8 = np.repeat(model.grid.sigma8, len(model.grid) // len(model.grid.sigma8))
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
    owner, log_m = drawn.owner, drawn["log_m500c"]
    log_x = {x: drawn[f"log_{x}"] for x in ("m_gas", "temperature", "m_wl")}
    for x in ("m_gas", "temperature"):
        bias = generator(model.seed, f"slope of {x}").uniform(*slopes_vary, len(indices))[owner]
        log_x[x] = log_x[x] + (bias - 1) * model.simulation.relation[x].slope * (log_m - PIVOT_LOG_M)
    found: dict[str, float] = {}
    for name, values in (
        ("m_gas", log_x["m_gas"]),
        ("yx", log_x["m_gas"] + log_x["temperature"]),
        ("m_wl", log_x["m_wl"]),
    ):
        scatter = proxy_scatter(log_m, values, owner)
        found |= {f"proxy_{name}": 100 * scatter.scatter, f"proxy_{name}_err": 100 * scatter.error}
    return found
