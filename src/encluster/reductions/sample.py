"""The sample of testing catalogs that Figs. 6 and 10 show."""

from typing import Any

import numpy as np
import pandas as pd

from encluster.network.inputs import TESTING, FeatureSet
from encluster.types import FloatArray, IntArray

NUMBER = 4
EXTENT = (0.05, 0.95)  # quantiles of N_cluster that the sample spans: the extremes themselves are freaks


def sample_of_testing(features: FeatureSet, number: int = NUMBER) -> IntArray:
    """Return testing catalogs spread evenly over N_cluster, in ascending order of it.

    Parameters
    ----------
    features : any variant; the split does not depend on it
    number : of catalogs; fewer come back where the testing set has fewer

    Returns
    -------
    array : (number,) indices of catalogs: those nearest in N_cluster to equal steps between the 5th and the 95th
        percentile, the first of equals, each at most once
    """
    rest = features.indices(TESTING)
    n_clusters = features.n_clusters
    chosen: list[int] = []
    low, high = np.quantile(n_clusters[rest], EXTENT)
    for target in np.linspace(low, high, min(number, len(rest))):
        nearest = rest[np.argmin(np.abs(n_clusters[rest] - target))]
        chosen.append(int(nearest))
        rest = rest[rest != nearest]
    return np.array(sorted(chosen, key=lambda catalog: n_clusters[catalog]))


def pixels(values: FloatArray, digits: int, **columns: Any) -> pd.DataFrame:
    """Return a matrix (n, w) as a row per pixel.

    Columns: ``row`` (0 is the faintest cluster), ``feature`` (0 ... w - 1), ``value``, after those given.
    """
    row, feature = np.indices(values.shape)
    flat = values.astype(float).ravel().round(digits)
    return pd.DataFrame({**columns, "row": row.ravel(), "feature": feature.ravel(), "value": flat})
