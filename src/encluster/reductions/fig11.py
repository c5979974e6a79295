"""Numbers of Fig. 11: median saliency against radius, by cluster mass."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.reductions.saliency_summary import mass_bins, profile_of

FEATURES = ("log_m_gas_shell", "gamma")


def reduce(interpretation_standard: ClusterCatalogs) -> pd.DataFrame:
    """Return the median |d terse / d pixel| over the clusters of each mass bin of 0.1 dex, at each radius.

    Parameters
    ----------
    interpretation_standard : ClusterCatalogs
        Of the Standard network.

    Returns
    -------
    pd.DataFrame
        Columns ``feature`` (log_m_gas_shell, gamma), ``log_m`` (center of the bin, log10 M500c [Msun/h]),
        ``n_clusters``, ``radius`` [R500c] (outer one of the shell), ``median_saliency``.
    """
    return by_radius(interpretation_standard, FEATURES)


def by_radius(interpretation: ClusterCatalogs, features: tuple[str, ...]) -> pd.DataFrame:
    """Return the table that `reduce` describes, of the groups of pixels that are named."""
    parts = []
    for feature in features:
        saliency, radii = profile_of(interpretation, feature)
        for log_m, members in mass_bins(interpretation["log_m500c"]):
            columns = {"feature": feature, "log_m": log_m, "n_clusters": len(members), "radius": radii.round(5)}
            median = np.median(saliency[members], axis=0)
            parts.append(pd.DataFrame({**columns, "median_saliency": median.round(6)}))
    return pd.concat(parts, ignore_index=True)
