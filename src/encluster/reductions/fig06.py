"""Numbers of Fig. 6: a sample of the 2D input matrices."""

import numpy as np
import pandas as pd

from encluster.features import TRAINING, FeatureSet

NUMBER = 4


def reduce(features: FeatureSet) -> pd.DataFrame:
    """Return the pixels of four training catalogues, spread evenly over the range of N_cluster.

    Columns: ``catalogue``, ``sigma8``, ``row`` (0 is the faintest cluster), ``feature`` (0 ... 14), ``value`` (scaled).
    """
    training = features.indices(TRAINING)
    by_size = training[np.argsort(features.n_clusters[training], kind="stable")]
    chosen = by_size[(np.linspace(0.1, 0.9, NUMBER) * (len(by_size) - 1)).astype(int)]
    parts = []
    for catalogue in chosen:
        matrix = features.matrix[features.offset[catalogue] : features.offset[catalogue + 1]]
        row, feature = np.indices(matrix.shape)
        parts.append(
            pd.DataFrame(
                {
                    "catalogue": catalogue,
                    "sigma8": features.sigma8[catalogue],
                    "row": row.ravel(),
                    "feature": feature.ravel(),
                    "value": matrix.ravel().round(5),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
