"""The prescriptive model with smaller exponents of sigma8 (Appendix B; decision D15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from table_cells import typeset, with_error

TITLE = r"Prescriptive models with smaller exponents of $\sigma_8$"
INPUTS = {
    "provenance": "models/{exponents}/provenance.json",
    "audit": "audits/{exponents}.json",
    "provenance_full": "models/prescriptive/provenance.json",
    "audit_full": "audits/prescriptive.json",
}
CAPTION = (
    r"The model of Appendix B with the exponents of $\sigma_8$ in the observables at fixed mass times a factor; 1 is "
    r"the stand-in of decision D15. $\Delta\sigma_8$: standard deviation of predicted minus true $\sigma_8$ over the "
    "test catalogs, with its bootstrap error. Correlation with mass: rank correlation of the terse value and the true "
    r"mass. Leak: share of the variance that terse value and $\sigma_8$ have in common at equal mass. One seed each."
)
COLUMNS = {
    "factor": ("", "factor on the exponents"),
    "delta_sigma8": ("", r"standard deviation of predicted minus true $\sigma_8$"),
    "delta_sigma8_err": ("", "bootstrap error of the standard deviation"),
    "rho_mass": ("", "rank correlation of terse value and true mass"),
    "leak": ("", r"share of the variance that terse value and $\sigma_8$ have in common at equal mass"),
    "p_value": ("", "probability of such a leak by chance"),
    "verdict": ("", "verdict of the audit"),
}


def reduce(
    provenance: Mapping[str, Mapping[str, Any]],
    audit: Mapping[str, Mapping[str, Any]],
    provenance_full: Mapping[str, Any],
    audit_full: Mapping[str, Any],
) -> pd.DataFrame:
    """Return a row per factor."""
    rows = [_row(_factor(name), provenance[name], audit[name]) for name in provenance]
    return pd.DataFrame([*rows, _row(1.0, provenance_full, audit_full)]).sort_values("factor", ignore_index=True)


def _factor(name: str) -> float:
    return float(name.removeprefix("prescriptive_times_").replace("_", "."))


def _row(factor: float, provenance: Mapping[str, Any], audit: Mapping[str, Any]) -> dict[str, Any]:
    scatter = provenance["delta_sigma8"]
    return {
        "factor": factor,
        "delta_sigma8": scatter["value"],
        "delta_sigma8_err": scatter["error"],
        "rho_mass": audit["rho_mass"]["rho"],
        "leak": audit["leak"],
        "p_value": audit["p_value"],
        "verdict": audit["verdict"],
    }


def draw(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed."""
    return pd.DataFrame(
        {
            "Exponents times": typeset(table["factor"], "g"),
            r"$\Delta\sigma_8$": with_error(table["delta_sigma8"], table["delta_sigma8_err"], ".4f"),
            "Correlation with mass": typeset(table["rho_mass"], "+.2f"),
            "Leak [%]": typeset(100 * pd.to_numeric(table["leak"]), ".1f"),
            "$p$": typeset(table["p_value"], ".2g"),
            "Audit": table["verdict"],
        }
    )
