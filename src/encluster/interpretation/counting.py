"""sigma8 from the number of clusters alone: the binned regression of section 4.2.2 (Table 4)."""

import numpy as np

from encluster.types import FloatArray, IntArray

NEAR = (90, 110)  # clusters: "near N_cluster ~ 100" of section 4.2.2


def n_cluster_mapping(
    n_clusters: IntArray, sigma8: FloatArray, training: IntArray, testing: IntArray, *, width: int = 10
) -> FloatArray:
    """Predict sigma8 as the median of the training catalogs in the same bin of N_cluster.

    Where a bin holds no training catalog, the nearest bin that does answers; of two equally near, the lower.

    Parameters
    ----------
    n_clusters, sigma8 : (n_catalogs,) of all catalogs
    training, testing : indices of catalogs
    width : of the bins, which start at multiples of it; the paper's is 10

    Returns
    -------
    array : (len(testing),) sigma8

    Raises
    ------
    ValueError : no training catalog, or a width below 1
    """
    if not len(training):
        raise ValueError("N_cluster mapping: no training catalog")
    if width < 1:
        raise ValueError(f"N_cluster mapping: width = {width} must be at least 1")
    bins, inside = np.unique(n_clusters[training] // width, return_inverse=True)
    median = np.array([np.median(sigma8[training][inside == k]) for k in range(len(bins))])
    distance = np.abs(n_clusters[testing, None] // width - bins)
    return np.asarray(median[np.argmin(distance, axis=1)])
