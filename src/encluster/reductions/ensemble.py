"""Numbers of the ensemble: the same model trained from several seeds (section 3.3)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import HIGH_MASS, summarize
from encluster.types import FloatArray

SETTINGS = ("xray",)


def reduce(**inputs: Any) -> pd.DataFrame:
    """Return a row per member, from ``provenance_NAME``, ``interpretation_NAME`` and ``audit_NAME`` of each.

    Columns: ``model``, ``seed``, ``best_epoch``, ``delta_sigma8`` with its error, ``bias``; ``gas_over_temperature``
    and ``gamma_over_temperature``, ratios of mean saliencies, and ``peak_radius`` [R500c] of that of the gas mass
    (section 5.2); ``one_out_low`` and ``one_out_high``, the median change of sigma8 without a cluster below and above
    10^14.2 Msun/h (section 5.1); ``verdict`` of the audit (Appendix B), which a network that predicts a constant has
    none of.
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
