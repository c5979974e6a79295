"""Numbers of Fig. 9: what the removal of one cluster does to the predicted sigma8 (section 5.1)."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import ENOUGH, mass_bins
from encluster.types import FloatArray

QUANTILES = {"low_95": 0.025, "low_68": 0.16, "median": 0.5, "high_68": 0.84, "high_95": 0.975}
BENCHMARKS = (14.2, 14.4, 14.6, 14.8, 15.0)  # log10 M500c [Msun/h]
STEPS = 200  # of each cumulative distribution


def reduce(interpretation_standard: ClusterCatalogs, interpretation_no_wl: ClusterCatalogs) -> pd.DataFrame:
    """Return both panels for both networks, in delta = sigma8 without the cluster - sigma8 with all.

    Columns: ``model`` (standard, no_wl), ``panel``. Of panel ``bands``, a row per mass bin of 0.1 dex: ``log_m``
    (center), ``n_clusters``, the median of delta and the ends of its middle 68 % and 95 %, ``median``, ``low_68``, ...
    Of panel ``cdf``, a row per step: ``log_m_above`` (benchmark; empty for all clusters), ``n_clusters`` above it,
    ``delta``, ``cdf``. Masses are log10 M500c [Msun/h].
    """
    networks = {"standard": interpretation_standard, "no_wl": interpretation_no_wl}
    parts = []
    for model, interpretation in networks.items():
        delta, log_m = _changes(interpretation)
        parts.append(_bands(delta, log_m).assign(panel="bands", model=model))
        parts += [part.assign(panel="cdf", model=model) for part in _distributions(delta, log_m)]
    table = pd.concat(parts, ignore_index=True)
    names = ["model", "panel", "log_m", "log_m_above", "n_clusters", *QUANTILES, "delta", "cdf"]
    return table.reindex(columns=names).round(7)


def _changes(interpretation: ClusterCatalogs) -> tuple[FloatArray, FloatArray]:
    """Return delta and log mass of the clusters that leave another one behind."""
    original = interpretation.catalog("sigma8_predicted")[interpretation.owner]
    delta = interpretation["sigma8_one_out"] - original
    some_remain = np.isfinite(delta)
    return delta[some_remain], interpretation["log_m500c"][some_remain].astype(float)


def _bands(delta: FloatArray, log_m: FloatArray) -> pd.DataFrame:
    rows = []
    for center, members in mass_bins(log_m):
        levels = np.quantile(delta[members], list(QUANTILES.values()))
        rows.append({"log_m": center, "n_clusters": len(members), **dict(zip(QUANTILES, levels, strict=True))})
    return pd.DataFrame(rows)


def _distributions(delta: FloatArray, log_m: FloatArray) -> list[pd.DataFrame]:
    parts = []
    for benchmark in (None, *BENCHMARKS):
        above = np.sort(delta if benchmark is None else delta[log_m > benchmark])
        if len(above) < (1 if benchmark is None else ENOUGH):
            continue
        # the values at equal steps of rank; all of them where there are few
        rank = np.unique(np.linspace(0, len(above) - 1, STEPS + 1).astype(int))
        columns = {"log_m_above": benchmark, "n_clusters": len(above)}
        parts.append(pd.DataFrame({**columns, "delta": above[rank], "cdf": (rank + 1) / len(above)}))
    return parts
