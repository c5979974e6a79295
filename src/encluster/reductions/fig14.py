"""Numbers of Fig. 14: sigma8 of mock catalogs at given N_cluster and median Y_X (section 5.2.1)."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.self_calibration import sample_regions
from encluster.reductions.sigma8_map import sigma8_map
from encluster.training.metrics import delta_sigma8
from encluster.types import FloatArray


def reduce(mocks: ClusterCatalogs) -> pd.DataFrame:
    """Return the bins of the map, and the distribution of sigma8 in each of two of them.

    Columns: ``item`` (bin, A, B) and those of `encluster.reductions.sigma8_map`. A and B have a row for each value of
    ``sigma8``, of which the bin holds ``count`` catalogs, and the bootstrap error ``std_err`` of the bin's ``std``.
    Where no bin holds enough catalogs, there is no row.
    """
    binned, bins = sigma8_map(mocks)
    filled = bins[bins["mean"].notna()].assign(item="bin", std_err=np.nan, sigma8=np.nan)
    parts = [filled]
    if len(filled):
        for name, cell in sample_regions(binned).items():
            sigma8 = mocks.catalog("sigma8")[binned.cell == cell]
            parts.append(_region(bins.iloc[[cell]], sigma8, np.unique(mocks.catalog("sigma8"))).assign(item=name))
    columns = ["item", *bins.columns, "std_err", "sigma8"]
    return pd.concat(parts, ignore_index=True)[columns]


def _region(cell: pd.DataFrame, sigma8: FloatArray, values: FloatArray) -> pd.DataFrame:
    """A row for each value that sigma8 can have."""
    spread = delta_sigma8(np.full(len(sigma8), sigma8.mean()), sigma8, seed=0)
    count = [int(np.sum(sigma8 == value)) for value in values]
    rows = pd.concat([cell] * len(values), ignore_index=True)
    return rows.assign(std_err=spread.error, sigma8=values, count=count)
