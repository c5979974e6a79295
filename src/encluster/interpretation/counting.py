"""sigma8 from the number of clusters alone: the binned regression of section 4.2.2 (Table 4)."""

import numpy as np

from encluster.types import FloatArray, IntArray

NEAR = (90, 110)  # clusters: "near N_cluster ~ 100" of section 4.2.2


def n_cluster_mapping(
    n_clusters: IntArray, sigma8: FloatArray, training: IntArray, testing: IntArray, *, width: int = 10
) -> FloatArray:
    """Predict sigma8 as the median of the training catalogs in the same bin of N_cluster (section 4.2.2).

    If a bin has no training catalog, the nearest bin with one is used; of two equally near bins, the lower one.

    Parameters
    ----------
    n_clusters : IntArray
        (n_catalogs,) number of clusters of all catalogs.
    sigma8 : FloatArray
        (n_catalogs,) sigma8 of all catalogs.
    training, testing : IntArray
        (n_training,), (n_testing,) indices of catalogs.
    width : int, optional
        Width of the bins, which start at multiples of it; 10 in the paper.

    Returns
    -------
    FloatArray
        (n_testing,) predicted sigma8.

    Raises
    ------
    ValueError
        If there is no training catalog, or the width is below 1.
    """
    if not len(training):
        raise ValueError("N_cluster mapping: no training catalog")
    if width < 1:
        raise ValueError(f"N_cluster mapping: width = {width} must be at least 1")
    bins, inside = np.unique(n_clusters[training] // width, return_inverse=True)
    median = np.array([np.median(sigma8[training][inside == k]) for k in range(len(bins))])
    distance = np.abs(n_clusters[testing, None] // width - bins)
    return np.asarray(median[np.argmin(distance, axis=1)])
