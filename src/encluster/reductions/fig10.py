"""Numbers of Fig. 10: saliency maps of the sample of Fig. 6."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.network.inputs import FeatureSet
from encluster.reductions.sample import pixels, sample_of_testing


def reduce(interpretation: ClusterCatalogs, features: FeatureSet) -> pd.DataFrame:
    """Return the saliency |d terse / d pixel| (eq. 4) of every pixel of the catalogs of Fig. 6.

    Columns: ``catalog``, ``sigma8``, ``row`` (0 is the faintest cluster), ``feature`` (0 ... 14), ``value``.

    Raises
    ------
    ValueError : the two inputs do not belong together
    """
    places = {int(catalog): k for k, catalog in enumerate(interpretation.catalog("catalog"))}
    parts = []
    for catalog in sample_of_testing(features):
        k = places.get(int(catalog))
        found = 0 if k is None else interpretation.n_clusters[k]
        if k is None or found != features.n_clusters[catalog]:
            raise ValueError(
                f"interpretation: catalog {catalog} has {found} clusters there, "
                f"{features.n_clusters[catalog]} in the features; both must come from the same mocks and split"
            )
        saliency = np.abs(interpretation["saliency"][interpretation.rows([k])])
        parts.append(pixels(saliency, 6, catalog=catalog, sigma8=features.sigma8[catalog]))
    return pd.concat(parts, ignore_index=True)
