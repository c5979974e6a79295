"""Numbers of Fig. 10: saliency maps of the sample of Fig. 6."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from encluster.features import FeatureSet
from encluster.reductions.sample import pixels, sample_of_testing


def reduce(interpretation: Mapping[str, np.ndarray], features: FeatureSet) -> pd.DataFrame:
    """Return the saliency |d terse / d pixel| (eq. 4) of every pixel of the catalogues of Fig. 6.

    Columns: ``catalogue``, ``sigma8``, ``row`` (0 is the faintest cluster), ``feature`` (0 ... 14), ``value``.

    Raises
    ------
    ValueError : the two inputs do not belong together
    """
    offset = interpretation["offset"]
    places = {int(catalogue): k for k, catalogue in enumerate(interpretation["catalogue"])}
    parts = []
    for catalogue in sample_of_testing(features):
        k = places.get(int(catalogue))
        found = 0 if k is None else int(offset[k + 1] - offset[k])
        if k is None or found != features.n_clusters[catalogue]:
            raise ValueError(
                f"interpretation: catalogue {catalogue} has {found} clusters there, "
                f"{features.n_clusters[catalogue]} in the features; both must come from the same mocks and split"
            )
        saliency = np.abs(interpretation["saliency"][offset[k] : offset[k + 1]])
        parts.append(pixels(saliency, 6, catalogue=catalogue, sigma8=features.sigma8[catalogue]))
    return pd.concat(parts, ignore_index=True)
