"""Numbers of Fig. 11: median saliency against radius, by cluster mass."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from encluster.reductions.saliency_summary import mass_bins, of_group
from encluster.xray.density import shell_radii

FEATURES = ("log_m_gas_shell", "gamma")


SETTINGS = ("xray",)


def reduce(interpretation_standard: Mapping[str, np.ndarray], settings: Any = None) -> pd.DataFrame:
    """Return the median |d terse / d pixel| over the clusters of each mass bin of 0.1 dex, at each radius.

    Parameters
    ----------
    interpretation_standard : of the Standard network
    settings : with `xray`, whose `inner_shell` is the radius of the innermost shell; 0.1 by default

    Returns
    -------
    DataFrame : columns ``feature`` (log_m_gas_shell, gamma), ``log_m`` (center of the bin, log10 M500c [Msun/h]),
        ``n_clusters``, ``radius`` [R500c] (outer one of the shell), ``median_saliency``
    """
    return by_radius(interpretation_standard, FEATURES, settings)


def by_radius(interpretation: Mapping[str, np.ndarray], features: tuple[str, ...], settings: Any) -> pd.DataFrame:
    """Return the table that `reduce` describes, of the groups of pixels that are named."""
    radii = shell_radii(settings.xray.inner_shell if settings else 0.1)
    parts = []
    for feature in features:
        saliency = of_group(interpretation, feature)
        for log_m, members in mass_bins(interpretation["log_m500c"]):
            columns = {"feature": feature, "log_m": log_m, "n_clusters": len(members), "radius": radii.round(5)}
            median = np.median(saliency[members], axis=0)
            parts.append(pd.DataFrame({**columns, "median_saliency": median.round(6)}))
    return pd.concat(parts, ignore_index=True)
