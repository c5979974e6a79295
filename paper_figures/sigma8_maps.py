"""Maps of sigma8 of mock catalogs in bins of N_cluster and median Y_X (section 5.2.1): Figures 14 and 18."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.interpretation.self_calibration import BinnedSigma8

N_LABEL = r"$N_\mathrm{cluster}$"
Y_LABEL = r"$\log_{10}\,(\mathrm{median}\;Y_X\;[h^{-1}\,\mathrm{M}_\odot\,\mathrm{keV}])$"
_CORNERS = ["n_low", "y_low", "n_low", "y_high", "n_high", "y_high", "n_high", "y_low"]


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
        A row for each bin, in the order of `BinnedSigma8.cell`. Columns: ``n_low``, ``n_high`` (edges in N_cluster),
        ``y_low``, ``y_high`` (edges in log10 Y_X [Msun/h keV]), ``count`` (catalogs), ``mean`` and ``std`` of their
        sigma8, NaN where the catalogs are too few; the same in each row, ``fixed_std`` and ``fixed_std_err``: the
        root mean square of the bins' ``std`` and its bootstrap error.
    """
    from encluster.interpretation.self_calibration import (
        N_WIDTH,
        Y_WIDTH,
        bin_edges,
        binned_sigma8,
        fixed_scatter,
        log_yx,
        medians,
    )

    number, sigma8 = mocks.n_clusters, mocks.catalog("sigma8")
    median_log_yx = medians(log_yx(mocks), mocks.offset)
    n_edges, y_edges = bin_edges(number, N_WIDTH), bin_edges(median_log_yx, Y_WIDTH)
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


def draw_map(
    axes: Axes, bins: pd.DataFrame, column: str, limits: tuple[float, float], cmap: str = "viridis"
) -> PolyCollection:
    """Draw bins, perhaps none, colored by one of their columns."""
    corners = bins[_CORNERS].to_numpy(float).reshape(-1, 4, 2)
    norm = Normalize(*limits) if np.isfinite(limits).all() else Normalize(0, 1)
    # an edge in the color of the face closes the seams between bins
    cells = PolyCollection(
        list(corners), array=bins[column].to_numpy(float), cmap=cmap, norm=norm, lw=0.2, edgecolors="face"
    )
    axes.add_collection(cells)
    axes.minorticks_off()
    axes.autoscale_view()
    return cells
