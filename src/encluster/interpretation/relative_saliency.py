"""Saliency in units of that of the temperature, so that networks can be compared (section 5.2)."""

from dataclasses import replace

import numpy as np

from encluster.catalogs import ClusterCatalogs

GRADIENT = "gradient"
# name of a method -> column of an interpretation
METHODS = {GRADIENT: "saliency", "integrated gradients": "integrated_gradients"}


def relative_to_temperature(interpretation: ClusterCatalogs, method: str = GRADIENT) -> ClusterCatalogs:
    """Divide the saliency of all pixels by the mean saliency of the temperature.

    The terse value has no unit, and its scale differs between networks; the scale of this ratio does not.

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Of a network that reads temperatures.
    method : str, optional
        A key of `METHODS`: the gradient of eq. 4, or its integral from the median cluster of the training set.

    Returns
    -------
    ClusterCatalogs
        The same clusters. Their column ``saliency`` is the absolute value of the result of `method`, over its mean for
        log T of all clusters. It is not divided if that mean is zero.
    """
    column = interpretation.clusters[METHODS[method]]
    absolute = replace(column, values=np.abs(column.values.astype(float)))
    scale = absolute.of("log_temperature").values.mean() or 1.0
    return interpretation.with_columns(saliency=replace(absolute, values=absolute.values / scale))
