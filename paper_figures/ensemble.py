"""The ensemble: one network trained from several seeds (section 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from table_cells import typeset, with_error

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.types import FloatArray

TITLE = "The same network from several seeds"
INPUTS = {
    "provenance_{model}": "models/{model}/provenance.json",
    "interpretation_{model}": "interpretation/{model}.h5",
    "audit_{model}": "audits/{model}.json",
}
CAPTION = (
    "The same network trained from several seeds (section 3.3), with the quantities of section 5 for each. "
    r"$\Delta\sigma_8$: standard deviation of predicted minus true $\sigma_8$ over the test catalogs, with its "
    r"bootstrap error. Bias: mean of predicted minus true. $M_\mathrm{gas}/T$ and $\gamma/T$: mean saliencies of gas "
    r"mass and density slope, both at $0.681\,R_{500}$, over that of temperature. Peak: radius where the saliency of "
    r"the gas mass is largest. Low and high mass: median change of $\sigma_8$ when one cluster below or above "
    r"$10^{14.2}\,h^{-1}\,\mathrm{M}_\odot$ is left out. Audit: verdict on overspecialization (Appendix B)."
)
COLUMNS = {
    "model": ("", "name of the model"),
    "seed": ("", "seed of the training"),
    "best_epoch": ("", "selected epoch"),
    "delta_sigma8": ("", r"standard deviation of predicted minus true $\sigma_8$"),
    "delta_sigma8_err": ("", "bootstrap error of the standard deviation"),
    "bias": ("", r"mean of predicted minus true $\sigma_8$"),
    "gas_over_temperature": ("", r"mean saliency of $M_\mathrm{gas}$ over that of $T$"),
    "gamma_over_temperature": ("", r"mean saliency of $\gamma$ over that of $T$"),
    "peak_radius": (r"$R_{500}$", r"radius where the saliency of $M_\mathrm{gas}$ is largest"),
    "one_out_low": ("", r"median change of $\sigma_8$ without a cluster below $10^{14.2}\,h^{-1}\,\mathrm{M}_\odot$"),
    "one_out_high": ("", r"median change of $\sigma_8$ without a cluster above $10^{14.2}\,h^{-1}\,\mathrm{M}_\odot$"),
    "verdict": ("", "verdict of the audit, or: predicts a constant"),
}


def reduce(**inputs: Any) -> pd.DataFrame:
    """Return a row per model of the ensemble.

    Parameters
    ----------
    **inputs : Mapping or ClusterCatalogs
        ``provenance_NAME``, ``interpretation_NAME`` and ``audit_NAME`` of each model.

    Returns
    -------
    pd.DataFrame
        Columns as in `COLUMNS`. Saliencies are those of section 5.2, the changes of sigma8 those of section 5.1. A
        network that predicts a constant has no verdict of the audit (Appendix B).
    """
    names = [name.removeprefix("provenance_") for name in inputs if name.startswith("provenance_")]
    kinds = ("provenance", "interpretation", "audit")
    return pd.DataFrame([_row(name, *(inputs[f"{kind}_{name}"] for kind in kinds)) for name in names])


def _row(
    name: str,
    provenance: Mapping[str, Any],
    interpretation: ClusterCatalogs,
    audit: Mapping[str, Any],
) -> dict[str, Any]:
    from encluster.interpretation.saliency_profiles import HIGH_MASS, summarize

    saliency = summarize(interpretation)
    change = interpretation["sigma8_one_out"] - interpretation.catalog("sigma8_predicted")[interpretation.owner]
    massive = interpretation["log_m500c"] > HIGH_MASS
    scatter = provenance["delta_sigma8"]
    return {
        "model": name,
        "seed": provenance["seed"],
        "best_epoch": provenance["best_epoch"],
        "delta_sigma8": scatter["value"],
        "delta_sigma8_err": scatter["error"],
        "bias": scatter["bias"],
        "gas_over_temperature": saliency.m_gas.mean / saliency.temperature.mean,
        "gamma_over_temperature": saliency.gamma.mean / saliency.temperature.mean,
        "peak_radius": saliency.peak_radius,
        "one_out_low": _median(change[~massive]),
        "one_out_high": _median(change[massive]),
        "verdict": "predicts a constant" if provenance["predicts_constant"] else audit["verdict"],
    }


def _median(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else float("nan")


def draw(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed."""
    return pd.DataFrame(
        {
            "Model": table["model"],
            "Seed": table["seed"].astype(str),
            "Epoch": table["best_epoch"].astype(str),
            r"$\Delta\sigma_8$": with_error(table["delta_sigma8"], table["delta_sigma8_err"], ".4f"),
            "Bias": typeset(table["bias"], "+.4f"),
            r"$M_\mathrm{gas}/T$": typeset(table["gas_over_temperature"], ".2f"),
            r"$\gamma/T$": typeset(table["gamma_over_temperature"], ".2f"),
            "Peak [$R_{500}$]": typeset(table["peak_radius"], ".2f"),
            "Low mass": typeset(table["one_out_low"], "+.5f"),
            "High mass": typeset(table["one_out_high"], "+.5f"),
            "Audit": table["verdict"],
        }
    )
