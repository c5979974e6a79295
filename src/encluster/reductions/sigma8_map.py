"""The maps of Figs 14 and 18: sigma8 of mock catalogs binned by N_cluster and median Y_X (section 5.2.1)."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.self_calibration import BinnedSigma8, binned_sigma8, fixed_scatter, log_yx, medians
from encluster.types import FloatArray, IntArray

N_WIDTH = 10  # clusters, that of the paper's regression on N_cluster
Y_WIDTH = 0.05  # dex


def sigma8_map(mocks: ClusterCatalogs) -> tuple[BinnedSigma8, pd.DataFrame]:
    """Return sigma8 in bins of N_cluster and median Y_X, as arrays and as a table.

    Parameters
    ----------
    mocks : ClusterCatalogs
        Of the kind ``mocks``.

    Returns
    -------
    BinnedSigma8
        In (N_cluster, log10 Y_X [Msun/h keV]).
    pd.DataFrame
        A row per bin, in the order of `BinnedSigma8.cell`. Columns: ``n_low``, ``n_high`` (edges in N_cluster),
        ``y_low``, ``y_high`` (edges in log10 Y_X [Msun/h keV]), ``count`` (catalogs), ``mean`` and ``std`` of their
        sigma8, NaN where they are too few; the same in each row, ``fixed_std`` and ``fixed_std_err``: the root mean
        square of the bins' ``std`` and its bootstrap error
    """
    number, sigma8 = mocks.n_clusters, mocks.catalog("sigma8")
    median_log_yx = medians(log_yx(mocks), mocks.offset)
    n_edges, y_edges = _edges(number, N_WIDTH), _edges(median_log_yx, Y_WIDTH)
    binned = binned_sigma8(number, median_log_yx, sigma8, n_edges, y_edges)
    i, j = (index.ravel() for index in np.indices(binned.count.shape))
    table = pd.DataFrame(
        {
            "n_low": n_edges[i],
            "n_high": n_edges[i + 1],
            "y_low": y_edges[j],
            "y_high": y_edges[j + 1],
            "count": binned.count.ravel(),
            "mean": binned.mean.ravel().round(6),
            "std": binned.std.ravel().round(6),
        }
    )
    if table["std"].isna().all():
        return binned, table.assign(fixed_std=np.nan, fixed_std_err=np.nan)
    fixed = fixed_scatter(binned, sigma8)
    return binned, table.assign(fixed_std=fixed.value, fixed_std_err=fixed.error)


def _edges(values: FloatArray | IntArray, width: float) -> FloatArray:
    """Multiples of the width that enclose the values."""
    first, last = np.floor(values.min() / width), np.floor(values.max() / width) + 1
    return (width * np.arange(first, last + 1)).round(6)
