"""Mass proxies: a line fitted to masses, and the scatter of clusters about it (section 5.3; Fig. 16)."""

from dataclasses import dataclass

import numpy as np

from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

_N_BOOTSTRAP = 500


@dataclass(frozen=True, kw_only=True)
class ProxyScatter:
    """Scatter of a mass proxy after the mean error of each catalog is subtracted.

    Parameters
    ----------
    scatter : float
        Standard deviation of ln M, predicted minus true, within catalogs; 0.179 means 17.9 %.
    error : float
        Standard error of `scatter`, from a bootstrap over catalogs.
    half_16_84 : float
        Half the range from the 16th to the 84th percentile of the same errors in ln M.
    slope, intercept : float
        Fit over all clusters: log10 M = intercept + slope * log10 proxy.
    residual : FloatArray
        (n,) log10 M, predicted minus true, minus its mean over the catalog [dex].
    """

    scatter: float
    error: float
    half_16_84: float
    slope: float
    intercept: float
    residual: FloatArray


def proxy_scatter(log_m: FloatArray, log_proxy: FloatArray, owner: IntArray, *, seed: int = 0) -> ProxyScatter:
    """Fit a line to all clusters and measure the scatter within catalogs (section 5.3; Fig. 16).

    The biases of the scaling relations shift all clusters of a catalog together. This shift is not scatter between
    clusters; therefore the mean error of each catalog is subtracted, which costs one degree of freedom per catalog.

    Parameters
    ----------
    log_m : FloatArray
        (n,) log10 M500c [Msun/h].
    log_proxy : FloatArray
        (n,) log10 of an observable, or a terse value.
    owner : IntArray
        (n,) index of each cluster's catalog, from 0.
    seed : int, optional
        Seed of the bootstrap.

    Returns
    -------
    ProxyScatter
        Line, scatter and residuals.

    Raises
    ------
    ValueError
        If a value is not finite, or no catalog has two clusters.
    """
    x, y = np.asarray(log_proxy, float), np.asarray(log_m, float)
    for name, values in (("log_proxy", x), ("log_m", y)):
        if not np.isfinite(values).all():
            raise ValueError(f"mass proxy: {name} of cluster {int(np.argmin(np.isfinite(values)))} is not finite")
    _, owner = np.unique(owner, return_inverse=True)
    number = np.bincount(owner)
    if len(y) == len(number):
        raise ValueError(
            f"mass proxy: each of the {len(number)} catalogs has one cluster; scatter within catalogs needs two"
        )
    # relative to the mean of all, because differences of large sums lose digits
    x_mean, y_mean = x.mean(), y.mean()
    columns = np.ones(len(x)), x - x_mean, y - y_mean
    sums = np.stack([np.bincount(owner, a * b) for a in columns for b in columns], axis=1).reshape(-1, 3, 3)
    within = sums - sums[:, 0, :, None] * sums[:, 0, None, :] / number[:, None, None]

    def fitted(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return slope and scatter [dex], both (...), if catalogs have these weights, (..., n_catalogs)."""
        total, inside = np.tensordot(counts, sums, 1), np.tensordot(counts, within, 1)
        sxx = total[..., 1, 1] - total[..., 0, 1] ** 2 / total[..., 0, 0]
        sxy = total[..., 1, 2] - total[..., 0, 1] * total[..., 0, 2] / total[..., 0, 0]
        slope = np.divide(sxy, sxx, where=sxx > 0, out=np.zeros_like(sxx))
        squares = inside[..., 2, 2] - 2 * slope * inside[..., 1, 2] + slope**2 * inside[..., 1, 1]
        # if a resampling has only catalogs of one cluster, its scatter is zero
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
