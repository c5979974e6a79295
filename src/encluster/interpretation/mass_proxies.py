"""Mass proxies: a line fitted to masses, and how far single clusters scatter about it (section 5.3; Fig. 16)."""

from dataclasses import dataclass

import numpy as np

from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

_N_BOOTSTRAP = 500


@dataclass(frozen=True, kw_only=True)
class ProxyScatter:
    """A mass proxy with the mean error of each catalog removed.

    Parameters
    ----------
    scatter : standard deviation of ln M, predicted minus true, within catalogs: 0.179 means 17.9 %
    error : its standard error, by bootstrap over catalogs
    half_16_84 : half the range from the 16th to the 84th percentile of the same errors in ln M
    slope, intercept : log10 M = intercept + slope * log10 proxy, over all clusters
    residual : (n,) log10 M, predicted minus true, less its mean over the catalog [dex]
    """

    scatter: float
    error: float
    half_16_84: float
    slope: float
    intercept: float
    residual: FloatArray


def proxy_scatter(log_m: FloatArray, log_proxy: FloatArray, owner: IntArray, *, seed: int = 0) -> ProxyScatter:
    """Fit a line through all clusters and measure the scatter that remains within catalogs.

    The offset of a catalog comes from the biases of its scaling relations and is not a scatter of clusters; each
    catalog's mean error is therefore subtracted, and a degree of freedom counted for it.

    Parameters
    ----------
    log_m : (n,) log10 M500c [Msun/h]
    log_proxy : (n,) log10 of an observable, or a terse value
    owner : (n,) index of each cluster's catalog, from 0
    seed : of the bootstrap

    Raises
    ------
    ValueError : values that are not finite, or no catalog with two clusters
    """
    x, y = np.asarray(log_proxy, float), np.asarray(log_m, float)
    for name, values in (("log_proxy", x), ("log_m", y)):
        if not np.isfinite(values).all():
            raise ValueError(f"mass proxy: {name} of cluster {int(np.argmin(np.isfinite(values)))} is not finite")
    _, owner = np.unique(owner, return_inverse=True)
    number = np.bincount(owner)
    if len(y) == len(number):
        raise ValueError(f"mass proxy: each of the {len(number)} catalogs holds one cluster: no scatter within them")
    # about the mean of all, so that no sum below is the difference of two large numbers
    x_mean, y_mean = x.mean(), y.mean()
    columns = np.ones(len(x)), x - x_mean, y - y_mean
    sums = np.stack([np.bincount(owner, a * b) for a in columns for b in columns], axis=1).reshape(-1, 3, 3)
    within = sums - sums[:, 0, :, None] * sums[:, 0, None, :] / number[:, None, None]

    def fitted(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return slope and scatter [dex] where each catalog counts so often; any leading axes."""
        total, inside = np.tensordot(counts, sums, 1), np.tensordot(counts, within, 1)
        sxx = total[..., 1, 1] - total[..., 0, 1] ** 2 / total[..., 0, 0]
        sxy = total[..., 1, 2] - total[..., 0, 1] * total[..., 0, 2] / total[..., 0, 0]
        slope = np.divide(sxy, sxx, where=sxx > 0, out=np.zeros_like(sxx))
        squares = inside[..., 2, 2] - 2 * slope * inside[..., 1, 2] + slope**2 * inside[..., 1, 1]
        # a resampling of nothing but single clusters has no scatter to give
        return slope, np.sqrt(np.maximum(squares, 0) / np.maximum(counts @ (number - 1), 1))

    slope, scatter = fitted(np.ones(len(number)))
    error = slope * (x - x_mean) - (y - y_mean)
    residual = error - (np.bincount(owner, error) / number)[owner]
    low, high = np.percentile(residual, [16, 84])
    resampled = generator(seed, "bootstrap of a mass proxy").multinomial(
        len(number), np.full(len(number), 1 / len(number)), _N_BOOTSTRAP
    )
    return ProxyScatter(
        scatter=float(scatter * np.log(10)),
        error=float(fitted(resampled.astype(float))[1].std() * np.log(10)),
        half_16_84=float((high - low) / 2 * np.log(10)),
        slope=float(slope),
        intercept=float(y_mean - slope * x_mean),
        residual=residual,
    )
