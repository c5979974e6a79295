"""Numbers of Fig. 12: which masses the gas-mass saliency is largest for, with and without lensing masses."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import AT_SHELL, mass_bins, profile_of
from encluster.interpretation.self_calibration import medians
from encluster.reductions.fig11 import by_radius
from encluster.types import FloatArray


def reduce(
    interpretation_standard: ClusterCatalogs,
    interpretation_no_wl: ClusterCatalogs,
    mocks: ClusterCatalogs,
) -> pd.DataFrame:
    """Return both panels; ``panel`` says which (radius, mass), ``item`` what.

    Of ``radius``, item ``no_wl``: ``log_m``, ``n_clusters``, ``radius``, ``median_saliency`` as in Fig. 11.
    Of ``mass``, items ``standard`` and ``no_wl``: ``log_m``, ``n_clusters``, ``radius`` (0.681 R500c), the ``mean`` and
    the percentiles ``low`` (16) and ``high`` (84) of |d terse / d pixel| over the bin's clusters, ``overall``, the
    mean over all clusters; items ``transition`` and ``median_mass``: ``low`` and ``high``, the extremes over all mock
    catalogs of the mass where the survey becomes volume-limited and of the median mass [log10 Msun/h].
    """
    left = by_radius(interpretation_no_wl, ("log_m_gas_shell",)).drop(columns="feature")
    parts = [left.assign(panel="radius", item="no_wl")]
    for item, interpretation in (("standard", interpretation_standard), ("no_wl", interpretation_no_wl)):
        parts.append(_by_mass(interpretation).assign(panel="mass", item=item))
    for item, values in (("transition", mocks.catalog("log_m_break")), ("median_mass", _median_masses(mocks))):
        parts.append(pd.DataFrame({"panel": "mass", "item": item, "low": [values.min()], "high": [values.max()]}))
    table = pd.concat(parts, ignore_index=True).astype({"n_clusters": "Int64"})
    return table[["panel", "item", *(name for name in table if name not in ("panel", "item"))]].round(6)


def _by_mass(interpretation: ClusterCatalogs) -> pd.DataFrame:
    profile, radii = profile_of(interpretation, "log_m_gas_shell")
    saliency, radius = profile[:, AT_SHELL], radii[AT_SHELL]
    rows = []
    for log_m, members in mass_bins(interpretation["log_m500c"]):
        low, high = np.quantile(saliency[members], [0.16, 0.84])
        row = {"log_m": log_m, "n_clusters": len(members), "radius": radius}
        rows.append({**row, "mean": saliency[members].mean(), "low": low, "high": high, "overall": saliency.mean()})
    return pd.DataFrame(rows)


def _median_masses(mocks: ClusterCatalogs) -> FloatArray:
    return medians(mocks["log_m500c"], mocks.offset)[mocks.n_clusters > 0]
