"""Table 2: the power laws of the simulated clusters beside the published ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from table_cells import MISSING, typeset, with_error

if TYPE_CHECKING:
    from encluster.halos.scaling import ScalingRelations

TITLE = "Power laws of the simulated clusters"
INPUTS = {"scaling": "halos/scaling.json"}
CAPTION = (
    r"Power laws $\log_{10} X = \mathrm{slope} \times \log_{10}(M_{500}\,/\,h^{-1}\,\mathrm{M}_\odot) + \log_{10} X_0$ "
    r"of the simulated clusters of this run and of the paper. At pivot: $\log_{10} X$ at $M_{500} = "
    r"10^{14.4}\,h^{-1}\,\mathrm{M}_\odot$, where slope and normalization are independent. Scatter: half the range "
    "from the 16th to the 84th percentile of the residuals. Std: their standard deviation, which outliers widen."
)
COLUMNS = {
    "item": ("", "observable: lx, temperature or m_gas"),
    "units": ("", "unit of the observable"),
    "slope": ("", "slope of the power law"),
    "slope_err": ("", "error of the slope"),
    "slope_published": ("", "slope in the paper"),
    "log_x0": ("dex", r"intercept at $M_{500} = 1\,h^{-1}\,\mathrm{M}_\odot$"),
    "log_x0_published": ("dex", "the same intercept in the paper"),
    "log_x0_pivot": ("dex", r"normalization at $M_{500} = 10^{14.4}\,h^{-1}\,\mathrm{M}_\odot$"),
    "log_x0_pivot_err": ("dex", "error of the normalization at the pivot"),
    "log_x0_pivot_published": ("dex", "normalization at the pivot in the paper"),
    "scatter_dex": ("dex", "half the range from the 16th to the 84th percentile of the residuals"),
    "scatter_dex_err": ("dex", "error of the scatter"),
    "std_dex": ("dex", "standard deviation of the residuals"),
    "std_dex_err": ("dex", "error of the standard deviation"),
    "scatter_dex_published": ("dex", "scatter in the paper"),
}
UNITS = {"lx": "1e44 erg/s", "temperature": "keV", "m_gas": "Msun/h"}
SYMBOLS = {"lx": "$L_X$", "temperature": "$T$", "m_gas": r"$M_\mathrm{gas}$"}
PRINTED_UNITS = {"lx": "$10^{44}$ erg/s", "temperature": "keV", "m_gas": r"$h^{-1}\,\mathrm{M}_\odot$"}


def reduce(scaling: ScalingRelations) -> pd.DataFrame:
    """Return a row per observable, in the paper's convention: intercepts at M500c = 1 Msun/h (decision D5).

    Normalizations at the pivot of Table 1, 10^14.4 Msun/h, stand beside the intercepts, with their errors.
    """
    from encluster.halos.scaling import OBSERVABLES, TABLE2

    rows = []
    for observable in OBSERVABLES:
        ours, paper = scaling.relations[observable], TABLE2[observable]
        rows.append(
            {
                "item": observable,
                "units": UNITS[observable],
                "slope": ours.slope,
                "slope_err": ours.slope_err,
                "slope_published": paper.slope,
                "log_x0": ours.log_x_at_unit_mass,
                "log_x0_published": paper.log_x_at_unit_mass,
                "log_x0_pivot": ours.log_x0,
                "log_x0_pivot_err": ours.log_x0_err,
                "log_x0_pivot_published": paper.log_x0,
                "scatter_dex": ours.scatter,
                "scatter_dex_err": ours.scatter_err,
                "std_dex": ours.std,
                "std_dex_err": ours.std_err,
                "scatter_dex_published": paper.std,
            }
        )
    return pd.DataFrame(rows)


def draw(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed: for each observable a row of this run and one of the paper."""
    about = {"Item": table["item"].map(SYMBOLS), "Unit": table["item"].map(PRINTED_UNITS)}
    run = {
        "Slope": with_error(table["slope"], table["slope_err"], ".3f"),
        r"$\log_{10} X_0$": typeset(table["log_x0"], ".2f"),
        "At pivot": with_error(table["log_x0_pivot"], table["log_x0_pivot_err"], ".3f"),
        "Scatter [dex]": with_error(table["scatter_dex"], table["scatter_dex_err"], ".3f"),
        "Std [dex]": with_error(table["std_dex"], table["std_dex_err"], ".3f"),
    }
    paper = {
        "Slope": typeset(table["slope_published"], ".2f"),
        r"$\log_{10} X_0$": typeset(table["log_x0_published"], ".2f"),
        "At pivot": typeset(table["log_x0_pivot_published"], ".3f"),
        "Scatter [dex]": typeset(table["scatter_dex_published"], ".2f"),
        "Std [dex]": MISSING,
    }
    parts = [pd.DataFrame({**about, "From": name, **cells}) for name, cells in (("run", run), ("paper", paper))]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
