"""Alternative interpretations of the text, compared without a network (decisions D3, D4, D6, D7, D8, D16)."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from encluster.halos.catalog import HaloCatalog
from encluster.halos.relations import abundance_ratio
from encluster.halos.scaling import PIVOT_LOG_M, TABLE2, ScalingRelations
from encluster.interpretation.counting import NEAR, n_cluster_mapping
from encluster.interpretation.mass_proxies import proxy_scatter
from encluster.mocks.build import mock_model
from encluster.mocks.drawing import MockModel
from encluster.network.inputs import TESTING, TRAINING, split_at_random
from encluster.randomness import generator
from encluster.training.metrics import delta_sigma8

STEP = 11  # of the catalogs that are drawn for the proxies; prime to the 6 values of each normalization bias
FEW = 40  # catalogs: so few are all drawn

Change = Callable[[MockModel], MockModel]


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """One way to read the paper.

    Parameters
    ----------
    decision : of docs/decisions.md; "Table 2" where the simulation's own relations give way to the published ones
    name : in words
    settings : keys of the configuration that it changes, of those that set the abundance of clusters
    change : what else it changes of the model of the mocks
    slopes_vary : range of biases of the slopes of T and M_gas, which are 1 in the mocks
    complete : it needs a list that is complete in mass
    """

    decision: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    change: Change = lambda model: model
    slopes_vary: tuple[float, float] = (1.0, 1.0)
    complete: bool = False


def _of_grid(**ranges: tuple[float, float]) -> Change:
    return lambda model: replace(model, grid=replace(model.grid, **ranges))


def _stretched(*names: str) -> Change:
    """Give the residuals of these observables the standard deviation of Table 2."""

    def change(model: MockModel) -> MockModel:
        residual = dict(model.simulation.residual)
        residual |= {x: residual[x] * (TABLE2[x].std / residual[x].std()) for x in names}
        return replace(model, simulation=replace(model.simulation, residual=residual))

    return change


def _table2(model: MockModel) -> MockModel:
    """Take relations and scatters from Table 2; shapes and correlations remain those of the simulation."""
    stretched = _stretched(*TABLE2)(model)
    return replace(stretched, simulation=replace(stretched.simulation, relation=TABLE2))


def _both_masses_in(unit: str) -> dict[str, Any]:
    return {"survey": {"m_min": {"log10": 13.6, "unit": unit}, "m_break": {"log10": 14.4, "unit": unit}}}


_COUNTS, _CAPPED = ({"mocks": {"abundance": name}} for name in ("simulation", "capped"))
ALTERNATIVES = (
    Alternative(decision="", name="as configured"),
    Alternative(decision="D3", name="M_break and M_min in Msun/h", settings=_both_masses_in("Msun/h")),
    Alternative(decision="D3", name="M_break and M_min in Msun", settings=_both_masses_in("Msun")),
    Alternative(
        decision="D4",
        name="the simulation's own counts times n / n_ref, in half the box",
        settings=_COUNTS,
        complete=True,
    ),
    Alternative(
        decision="D4",
        name="x < S on each simulated cluster, in half the box",
        settings=_CAPPED,
        complete=True,
    ),
    Alternative(decision="D6", name="the slope of L_X fixed", change=_of_grid(lx_slope=(1.0, 1.0))),
    Alternative(decision="D6", name="the three scatters fixed", change=_of_grid(scatter=(1.0, 1.0))),
    Alternative(
        decision="D6",
        name="the slopes of T and M_gas vary too, the scatters do not",
        change=_of_grid(scatter=(1.0, 1.0)),
        slopes_vary=(0.7, 1.3),
    ),
    Alternative(decision="D7", name="sigma_WL 20-40 %, as in Table 1", change=_of_grid(sigma_wl=(0.2, 0.4))),
    Alternative(
        decision="D8", name="M_break stays where it is", change=lambda model: replace(model, flux_limit="mass")
    ),
    Alternative(
        decision="D16", name="the mass function of Tinker et al. (2008)", settings={"mass_function": "tinker08"}
    ),
    Alternative(decision="Table 2", name="the scatter of M_gas of Table 2, 0.10 dex", change=_stretched("m_gas")),
    Alternative(decision="Table 2", name="all relations and scatters of Table 2", change=_table2),
    Alternative(
        decision="D3, D4",
        name="both masses in Msun, and x < S",
        settings=_both_masses_in("Msun") | _CAPPED,
        complete=True,
    ),
    Alternative(
        decision="D3, D4",
        name="both masses in Msun/h, and x < S",
        settings=_both_masses_in("Msun/h") | _CAPPED,
        complete=True,
    ),
    Alternative(
        decision="D3, D4, Table 2",
        name="both masses in Msun, x < S, and all of Table 2",
        settings=_both_masses_in("Msun") | _CAPPED,
        change=_table2,
        complete=True,
    ),
)


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
    """Return a row per alternative with what it makes of the mock catalogs.

    Parameters
    ----------
    fractions : sequence of float
        Training, validation and testing parts of the catalogs.
    halos, profiles, scaling : HaloCatalog, Mapping, Mapping
        As `encluster.mocks.build.mock_model` takes them.
    alternatives : sequence of Alternative
        Those to compare.
    mapped : Callable
        `map`, or its like over several processes.
    **settings
        ``survey``, ``mocks``, ``cosmology``, ``mass_function``, ``box_mpc_h`` and ``seed``, as for `mock_model`.

    Returns
    -------
    pd.DataFrame
        ``decision``, ``reading``, ``is_default``; ``mean_n``; ``mapping`` and ``mapping_near_100``, the scatter of
        sigma8 predicted from N_cluster for the testing set and for those with 90-110 clusters; ``proxy_m_gas``,
        ``proxy_yx``, ``proxy_m_wl``, scatters of mass proxies [%] (section 5.3); each with its ``_err``; ``prior``,
        the scatter of sigma8 over the grid, which a guess without data would have; ``note``, why a row is empty.
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
            "reading": alternative.name,
            "is_default": not alternative.decision,
            **({} if item is None else next(found)),
            "note": "needs a list that is complete in mass" if item is None else "",
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
    """What the number of clusters tells of sigma8 (section 4.2.2)."""
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
    """How well observables stand for the mass, each catalog's own offset removed (section 5.3)."""
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
