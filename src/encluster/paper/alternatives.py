"""Alternative interpretations of the paper's text, where it is ambiguous (docs/explanation/decisions.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from encluster.halos.scaling import TABLE2
from encluster.paper.published_value import M_GAS, MSUN, MSUN_H, SIGMA_WL

if TYPE_CHECKING:  # the scorecard knows their names without the mock catalogs
    from encluster.mocks.drawing import MockModel

    Change = Callable[[MockModel], MockModel]


def _same(model: MockModel) -> MockModel:
    return model


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """One interpretation of the paper's text.

    Parameters
    ----------
    decision : str
        The decision in docs/explanation/decisions.md; "Table 2" where the published relations replace those of the
        simulation.
    name : str
        What it assumes; formulas stand between dollar signs.
    settings : Mapping, optional
        Keys of the configuration that it changes, of those that set the abundance of clusters.
    change : callable, optional
        What else it changes in the model of the mock catalogs.
    slopes_vary : (float, float), optional
        Range of the biases of the slopes of T and M_gas, which are 1 in the mock catalogs.
    complete : bool, optional
        Whether it needs a halo list that is complete in mass.
    """

    decision: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    change: Change = _same
    slopes_vary: tuple[float, float] = (1.0, 1.0)
    complete: bool = False


def _of_grid(**ranges: tuple[float, float]) -> Change:
    return lambda model: replace(model, grid=replace(model.grid, **ranges))


def _pivoted(log_m: float) -> Change:
    return lambda model: replace(model, lx_slope_pivot=log_m)


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
_MASSES = r"$M_\mathrm{break}$ and $M_\mathrm{min}$"
ALTERNATIVES = (
    Alternative(decision="", name="as configured"),
    Alternative(decision="D3", name=f"{_MASSES} in {MSUN_H}", settings=_both_masses_in("Msun/h")),
    Alternative(decision="D3", name=f"{_MASSES} in {MSUN}", settings=_both_masses_in("Msun")),
    Alternative(
        decision="D4",
        name=r"the simulation's own counts times $n / n_\mathrm{ref}$, in half the box",
        settings=_COUNTS,
        complete=True,
    ),
    Alternative(
        decision="D4", name="$x < S$ for each simulated cluster, in half the box", settings=_CAPPED, complete=True
    ),
    Alternative(decision="D6", name="fixed slope of $L_X$", change=_of_grid(lx_slope=(1.0, 1.0))),
    Alternative(decision="D6", name="fixed scatters of all three observables", change=_of_grid(scatter=(1.0, 1.0))),
    Alternative(
        decision="D6",
        name=f"varied slopes of $T$ and {M_GAS}, fixed scatters",
        change=_of_grid(scatter=(1.0, 1.0)),
        slopes_vary=(0.7, 1.3),
    ),
    Alternative(decision="D7", name=f"{SIGMA_WL} of 20--40 %, as in Table 1", change=_of_grid(sigma_wl=(0.2, 0.4))),
    Alternative(
        decision="D8",
        name=r"the same $M_\mathrm{break}$ in all catalogs",
        change=lambda model: replace(model, flux_limit="mass"),
    ),
    Alternative(decision="D16", name="mass function of Tinker et al. (2008)", settings={"mass_function": "tinker08"}),
    Alternative(
        decision="D1", name=r"$\Omega_\mathrm{m} = 0.226$ as printed, flat", settings={"cosmology": {"om0": 0.226}}
    ),
    *(
        Alternative(
            decision="D17",
            name=rf"slope of $L_X$ varied about $10^{{{log_m}}}$ {MSUN_H}",
            change=_pivoted(log_m),
        )
        for log_m in (13.6, 14.0)
    ),
    Alternative(decision="Table 2", name=f"scatter of {M_GAS} from Table 2, 0.10 dex", change=_stretched("m_gas")),
    Alternative(decision="Table 2", name="all relations and scatters from Table 2", change=_table2),
    Alternative(
        decision="D3, D4",
        name=f"{_MASSES} in {MSUN}, and $x < S$",
        settings=_both_masses_in("Msun") | _CAPPED,
        complete=True,
    ),
    Alternative(
        decision="D3, D4",
        name=f"{_MASSES} in {MSUN_H}, and $x < S$",
        settings=_both_masses_in("Msun/h") | _CAPPED,
        complete=True,
    ),
    Alternative(
        decision="D4, D17",
        name=rf"$x < S$, and slope of $L_X$ varied about $10^{{13.6}}$ {MSUN_H}",
        settings=_CAPPED,
        change=_pivoted(13.6),
        complete=True,
    ),
    Alternative(
        decision="D3, D4, Table 2",
        name=f"{_MASSES} in {MSUN}, $x < S$, and all of Table 2",
        settings=_both_masses_in("Msun") | _CAPPED,
        change=_table2,
        complete=True,
    ),
)
