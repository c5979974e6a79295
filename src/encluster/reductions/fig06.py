"""Numbers of Fig. 6: a sample of the 2D input matrices."""

import pandas as pd

from encluster.network.inputs import FeatureSet
from encluster.reductions.sample import pixels, sample_of_testing


def reduce(features: FeatureSet) -> pd.DataFrame:
    """Return the pixels of four testing catalogs, spread evenly over N_cluster; Fig. 10 shows the same ones.

    Columns: ``catalog``, ``sigma8``, ``row`` (0 is the faintest cluster), ``feature`` (0 ... 14), ``value`` (scaled).
    """
    parts = []
    for catalog in sample_of_testing(features):
        matrix = features.matrix[features.rows([catalog])]
        parts.append(pixels(matrix, 5, catalog=catalog, sigma8=features.sigma8[catalog]))
    return pd.concat(parts, ignore_index=True)
