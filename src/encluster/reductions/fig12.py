"""Numbers of Fig. 12: which masses the gas-mass saliency is largest for, with and without lensing masses."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from encluster.reductions.fig11 import by_radius
from encluster.reductions.saliency_summary import AT_SHELL, mass_bins, of_group
from encluster.types import FloatArray
from encluster.xray.density import shell_radii

SETTINGS = ("xray",)


def reduce(
    interpretation_standard: Mapping[str, np.ndarray],
    interpretation_no_wl: Mapping[str, np.ndarray],
    mocks: Mapping[str, np.ndarray],
    settings: Any = None,
) -> pd.DataFrame:
    """Return both panels; ``panel`` says which (radius, mass), ``item`` what.

    Of ``radius``, item ``no_wl``: ``log_m``, ``n_clusters``, ``radius``, ``median_saliency`` as in Fig. 11.
    Of ``mass``, items ``standard`` and ``no_wl``: ``log_m``, ``n_clusters``, ``radius`` (0.681 R500c), the ``mean`` and
    the percentiles ``low`` (16) and ``high`` (84) of |d terse / d pixel| over the bin's clusters, ``overall``, the
    mean over all clusters; items ``transition`` and ``median_mass``: ``low`` and ``high``, the extremes over all mock
    catalogs of the mass where the survey becomes volume-limited and of the median mass [log10 Msun/h].
    """
    left = by_radius(interpretation_no_wl, ("log_m_gas_shell",), settings).drop(columns="feature")
    parts = [left.assign(panel="radius", item="no_wl")]
    for item, interpretation in (("standard", interpretation_standard), ("no_wl", interpretation_no_wl)):
        parts.append(_by_mass(interpretation, settings).assign(panel="mass", item=item))
    for item, values in (("transition", mocks["catalogs/log_m_break"]), ("median_mass", _median_masses(mocks))):
        parts.append(pd.DataFrame({"panel": "mass", "item": item, "low": [values.min()], "high": [values.max()]}))
    table = pd.concat(parts, ignore_index=True).astype({"n_clusters": "Int64"})
    return table[["panel", "item", *(name for name in table if name not in ("panel", "item"))]].round(6)


def _by_mass(interpretation: Mapping[str, np.ndarray], settings: Any) -> pd.DataFrame:
    radius = shell_radii(settings.xray.inner_shell if settings else 0.1)[AT_SHELL]
    saliency = of_group(interpretation, "log_m_gas_shell")[:, AT_SHELL]
    rows = []
    for log_m, members in mass_bins(interpretation["log_m500c"]):
        low, high = np.quantile(saliency[members], [0.16, 0.84])
        row = {"log_m": log_m, "n_clusters": len(members), "radius": radius}
        rows.append({**row, "mean": saliency[members].mean(), "low": low, "high": high, "overall": saliency.mean()})
    return pd.DataFrame(rows)


def _median_masses(mocks: Mapping[str, np.ndarray]) -> FloatArray:
    offset, log_m = mocks["catalogs/offset"], mocks["clusters/log_m500c"]
    return np.array([np.median(log_m[first:last]) for first, last in itertools.pairwise(offset) if last > first])
