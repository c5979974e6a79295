"""The ensemble: one network trained from several seeds (section 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from table_cells import MISSING, typeset, with_error

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.types import FloatArray

TITLE = "The same network from several seeds"
INPUTS = {
    "provenance": "models/{ensemble}/provenance.json",
    "interpretation": "interpretation/{ensemble}.h5",
    "audit": "audits/{ensemble}.json",
}
CAPTION = (
    "The same network trained from several seeds (section 3.3), with the quantities of section 5 for each. "
    r"$\Delta\sigma_8$: standard deviation of predicted minus true $\sigma_8$ over the test catalogs, with its "
    r"bootstrap error. Bias: mean of predicted minus true. $M_\mathrm{gas}/T$ and $\gamma/T$: mean saliencies of gas "
    r"mass and density slope, both at $0.681\,R_{500}$, over that of temperature. Peak: radius where the saliency of "
    r"the gas mass is largest. Low and high mass: median change of $\sigma_8$ when one cluster below or above "
    r"$10^{14.2}\,h^{-1}\,\mathrm{M}_\odot$ is left out. Audit: verdict on overspecialization (Appendix B). The last "
    "row of a model with several seeds has mean and standard deviation over them."
)
COLUMNS = {
    "model": ("", "name of the network; in rows over seeds, the name of the first"),
    "row": ("", "network; mean or standard deviation: over the networks of the model"),
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
# columns with a mean over seeds: heading and format of the printed table
FORMS = {
    "delta_sigma8": (r"$\Delta\sigma_8$", ".4f"),
    "bias": ("Bias", "+.4f"),
    "gas_over_temperature": (r"$M_\mathrm{gas}/T$", ".2f"),
    "gamma_over_temperature": (r"$\gamma/T$", ".2f"),
    "peak_radius": ("Peak [$R_{500}$]", ".2f"),
    "one_out_low": ("Low mass", "+.5f"),
    "one_out_high": ("High mass", "+.5f"),
}


def reduce(
    provenance: Mapping[str, Mapping[str, Any]],
    interpretation: Mapping[str, ClusterCatalogs],
    audit: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Return a row per network of the ensemble, then mean and standard deviation of each model with several seeds.

    Parameters
    ----------
    provenance, interpretation, audit : Mapping
        Of each network by name.

    Returns
    -------
    pd.DataFrame
        Columns as in `COLUMNS`. Saliencies are those of section 5.2, the changes of sigma8 those of section 5.1. A
        network that predicts a constant has no verdict of the audit (Appendix B).
    """
    networks = pd.DataFrame([_row(name, of, interpretation[name], audit[name]) for name, of in provenance.items()])
    parts = []
    for model, of_model in networks.groupby(networks["model"].str.replace(r"_\d+$", "", regex=True), sort=False):
        parts.append(of_model)
        if len(of_model) > 1:
            values = of_model[list(FORMS)]
            for row, over_seeds in (("mean", values.mean()), ("standard deviation", values.std())):
                parts.append(pd.DataFrame([{"model": model, "row": row, **over_seeds}]))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)].astype({"seed": "Int64", "best_epoch": "Int64"})


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
        "row": "network",
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
    network = table["row"] == "network"
    number = table[["seed", "best_epoch", "delta_sigma8_err", *FORMS]].apply(pd.to_numeric, errors="coerce")
    printed = pd.DataFrame(
        {
            "Model": table["model"].where(network, "mean, " + table["model"]),
            "Seed": number["seed"].map("{:.0f}".format).where(network, MISSING),
            "Epoch": number["best_epoch"].map("{:.0f}".format).where(network, MISSING),
            **{heading: typeset(number[name], form) for name, (heading, form) in FORMS.items()},
            "Audit": table["verdict"].where(network, MISSING),
        }
    )
    heading, form = FORMS["delta_sigma8"]
    printed[heading] = with_error(number["delta_sigma8"], number["delta_sigma8_err"], form)
    mean, scatter = (number[table["row"] == row] for row in ("mean", "standard deviation"))
    for name, (heading, form) in FORMS.items():
        printed.loc[mean.index, heading] = with_error(mean[name], scatter[name], form)
    return printed[table["row"] != "standard deviation"].reset_index(drop=True)
