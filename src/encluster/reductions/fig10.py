"""Numbers of Fig. 10: saliency maps of the sample of Fig. 6."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from encluster.network.inputs import FeatureSet
from encluster.reductions.sample import pixels, sample_of_testing


def reduce(interpretation: Mapping[str, np.ndarray], features: FeatureSet) -> pd.DataFrame:
    """Return the saliency |d terse / d pixel| (eq. 4) of every pixel of the catalogs of Fig. 6.

    Columns: ``catalog``, ``sigma8``, ``row`` (0 is the faintest cluster), ``feature`` (0 ... 14), ``value``.

    Raises
    ------
    ValueError : the two inputs do not belong together
    """
    offset = interpretation["offset"]
    places = {int(catalog): k for k, catalog in enumerate(interpretation["catalog"])}
    parts = []
    for catalog in sample_of_testing(features):
        k = places.get(int(catalog))
        found = 0 if k is None else int(offset[k + 1] - offset[k])
        if k is None or found != features.n_clusters[catalog]:
            raise ValueError(
                f"interpretation: catalog {catalog} has {found} clusters there, "
                f"{features.n_clusters[catalog]} in the features; both must come from the same mocks and split"
            )
        saliency = np.abs(interpretation["saliency"][offset[k] : offset[k + 1]])
        parts.append(pixels(saliency, 6, catalog=catalog, sigma8=features.sigma8[catalog]))
    return pd.concat(parts, ignore_index=True)
