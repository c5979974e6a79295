"""Numbers of Fig. 18: mean and scatter of sigma8 at given N_cluster and median Y_X, for two other surveys."""

import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.reductions.sigma8_map import sigma8_map


def reduce(mocks_smaller: ClusterCatalogs, mocks_larger: ClusterCatalogs) -> pd.DataFrame:
    """Return the bins of both maps that hold enough catalogs.

    Columns: ``set`` (smaller, larger) and those of `encluster.reductions.sigma8_map`.
    """
    parts = []
    for name, mocks in (("smaller", mocks_smaller), ("larger", mocks_larger)):
        _, bins = sigma8_map(mocks)
        parts.append(bins[bins["mean"].notna()])
        parts[-1].insert(0, "set", name)
    return pd.concat(parts, ignore_index=True)
