"""sigma8 from the number of clusters and their median Y_X: self-calibration (section 5.2.1; Figs. 13, 14; Appendix A).

Y_X = M_gas T is a mass proxy of low scatter; its median tells where the survey turns from flux- to volume-limited.
"""

from dataclasses import dataclass

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

MINIMUM = 5  # catalogs in a bin whose scatter of sigma8 is taken seriously
_N_BOOTSTRAP = 500


def log_yx(mocks: ClusterCatalogs) -> FloatArray:
    """Return log10 Y_X = log10 (M_gas T) of each cluster, (n,) [Msun/h keV]."""
    return np.asarray(mocks["log_m_gas"].astype(float) + mocks["log_temperature"])


def medians(values: FloatArray, offset: IntArray) -> FloatArray:
    """Return the median over the clusters of each catalog, (n_catalogs,); NaN where there are none.

    Parameters
    ----------
    values : FloatArray
        (n_clusters,)
    offset : IntArray
        (n_catalogs + 1,) catalog c owns values offset[c]:offset[c + 1].
    """
    parts = np.split(values, offset[1:-1])
    return np.array([np.median(part) if len(part) else np.nan for part in parts])


@dataclass(frozen=True, kw_only=True)
class BinnedSigma8:
    """sigma8 of the catalogs in each bin of two observables.

    Parameters
    ----------
    count : (n_x, n_y) catalogs
    mean, std : (n_x, n_y) of their sigma8; NaN in bins with too few of them
    cell : (n_catalogs,) bin of each catalog, row after row as `numpy.ravel` has them; -1 outside the edges
    """

    count: IntArray
    mean: FloatArray
    std: FloatArray
    cell: IntArray


def binned_sigma8(
    x: FloatArray | IntArray,
    y: FloatArray,
    sigma8: FloatArray,
    x_edges: FloatArray,
    y_edges: FloatArray,
    *,
    minimum: int = MINIMUM,
) -> BinnedSigma8:
    """Return mean and standard deviation of sigma8 in bins of two observables (Figs. 14, 18).

    Parameters
    ----------
    x, y : (n_catalogs,) observables; in the paper N_cluster and median Y_X
    sigma8 : (n_catalogs,)
    x_edges, y_edges : ascending edges of the bins, each of which holds its lower edge
    minimum : catalogs that a bin needs, at least 2

    Raises
    ------
    ValueError : edges that do not ascend, or a minimum below 2
    """
    if minimum < 2:
        raise ValueError(f"binned sigma8: minimum = {minimum} must be at least 2")
    for name, edges in (("x_edges", x_edges), ("y_edges", y_edges)):
        if len(edges) < 2 or (np.diff(edges) <= 0).any():
            raise ValueError(f"binned sigma8: {name} must be two or more ascending numbers")
    shape = len(x_edges) - 1, len(y_edges) - 1
    i, j = np.searchsorted(x_edges, x, side="right") - 1, np.searchsorted(y_edges, y, side="right") - 1
    inside = (i >= 0) & (i < shape[0]) & (j >= 0) & (j < shape[1])
    cell = np.where(inside, i * shape[1] + j, -1)
    count, mean, variance = _moments(cell[inside], np.asarray(sigma8, float)[inside], shape[0] * shape[1])
    enough = count >= minimum
    return BinnedSigma8(
        count=count.reshape(shape),
        mean=np.where(enough, mean, np.nan).reshape(shape),
        std=np.sqrt(np.where(enough, variance, np.nan)).reshape(shape),
        cell=cell,
    )


@dataclass(frozen=True, kw_only=True)
class FixedScatter:
    """The scatter of sigma8 among catalogs that two observables cannot tell apart.

    Parameters
    ----------
    value : root mean square of the bins' standard deviations, each counted as often as it has catalogs
    error : its standard error, by bootstrap over catalogs in the same bins
    n_bins, n_catalogs : with enough catalogs, and in them
    """

    value: float
    error: float
    n_bins: int
    n_catalogs: int


def fixed_scatter(binned: BinnedSigma8, sigma8: FloatArray, *, seed: int = 0) -> FixedScatter:
    """Return the scatter of sigma8 at fixed (N_cluster, median Y_X): about 0.03 in the paper (Fig. 14).

    Parameters
    ----------
    binned : what `binned_sigma8` made of the same catalogs
    sigma8 : (n_catalogs,)
    seed : of the bootstrap, which resamples within bins

    Raises
    ------
    ValueError : no bin with enough catalogs
    """
    number = np.where(np.isfinite(binned.std), binned.count, 0).ravel()
    used = np.flatnonzero(number)
    if not len(used):
        raise ValueError("scatter at fixed observables: no bin holds enough catalogs; make the bins wider")
    value = _rms(binned.std.ravel()[used], number[used])
    taken = np.isin(binned.cell, used)
    order = np.argsort(binned.cell[taken], kind="stable")
    values, size = np.asarray(sigma8, float)[taken][order], number[used]
    bins = np.repeat(np.arange(len(used)), size)
    first = np.repeat(np.cumsum(size) - size, size)
    rng = generator(seed, "bootstrap at fixed observables")
    resampled = []
    for _ in range(_N_BOOTSTRAP):
        drawn = values[first + (rng.random(len(values)) * np.repeat(size, size)).astype(int)]
        resampled.append(_rms(np.sqrt(_moments(bins, drawn, len(used))[2]), size))
    return FixedScatter(
        value=value, error=float(np.std(resampled)), n_bins=len(used), n_catalogs=int(number[used].sum())
    )


def sample_regions(binned: BinnedSigma8) -> dict[str, int]:
    """Choose two bins as Fig. 14 does, A of low and B of high sigma8; the paper does not say how.

    Ours are the bins with the most catalogs among those whose mean sigma8 lies in the lower and in the upper third
    of the bins' means.

    Returns
    -------
    dict : A and B -> bin, as in `BinnedSigma8.cell`

    Raises
    ------
    ValueError : no bin with enough catalogs
    """
    mean = binned.mean.ravel()
    if not np.isfinite(mean).any():
        raise ValueError("sample regions: no bin holds enough catalogs; make the bins wider")
    low, high = np.nanquantile(mean, [1 / 3, 2 / 3])
    count = binned.count.ravel()
    return {
        "A": int(np.argmax(np.where(mean <= low, count, -1))),
        "B": int(np.argmax(np.where(mean >= high, count, -1))),
    }


@dataclass(frozen=True, kw_only=True)
class AveragedPdf:
    """The distribution of an observable in a catalog, averaged over catalogs (Fig. 13).

    Parameters
    ----------
    edges : (n_bins + 1,) [dex]
    density : (n_bins,) [1/dex]; its integral is 1 less the share outside the edges
    median : of the averaged distribution [dex]
    """

    edges: FloatArray
    density: FloatArray
    median: float


def transition_sets(log_m_break: FloatArray, *, share: float = 1 / 8) -> dict[str, IntArray]:
    """Return the catalogs whose survey turns volume-limited at the lowest and at the highest masses.

    The paper shows two sets of about 600 catalogs without saying which; an eighth of 4,968 is 621.

    Parameters
    ----------
    log_m_break : (n_catalogs,) transition masses [log10 Msun/h]
    share : of the catalogs in each set

    Returns
    -------
    dict : low and high -> ascending indices; all -> every catalog where all have the same break

    Raises
    ------
    ValueError : a share that leaves a set empty or makes the sets overlap
    """
    number = round(len(log_m_break) * share)
    if not 1 <= number <= len(log_m_break) / 2:
        raise ValueError(f"transition sets: a share of {share} of {len(log_m_break)} catalogs is {number}")
    if np.ptp(log_m_break) == 0:
        return {"all": np.arange(len(log_m_break))}
    order = np.argsort(log_m_break, kind="stable")
    return {"low": np.sort(order[:number]), "high": np.sort(order[-number:])}


def averaged_pdf(values: FloatArray, offset: IntArray, catalogs: IntArray, edges: FloatArray) -> AveragedPdf:
    """Average the distributions of catalogs, each of which counts the same whatever its number of clusters.

    Parameters
    ----------
    values : (n_clusters,) of all catalogs [dex]
    offset : (n_catalogs + 1,) catalog c owns values offset[c]:offset[c + 1]
    catalogs : indices of those to average
    edges : (n_bins + 1,) [dex]
    """
    number = np.diff(offset)
    chosen = np.isin(np.arange(len(number)), catalogs) & (number > 0)
    weight = np.repeat(np.divide(chosen, number, where=number > 0, out=np.zeros(len(number))), number)
    taken = weight > 0
    share, _ = np.histogram(values[taken], edges, weights=weight[taken] / chosen.sum())
    return AveragedPdf(
        edges=edges, density=share / np.diff(edges), median=_weighted_median(values[taken], weight[taken])
    )


def _moments(cell: IntArray, values: FloatArray, n_cells: int) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return number, mean and variance (one degree of freedom less) of the values in each cell; zero where empty."""
    count = np.bincount(cell, minlength=n_cells)
    mean = np.bincount(cell, values, n_cells) / np.maximum(count, 1)
    squares = np.bincount(cell, (values - mean[cell]) ** 2, n_cells)
    return count, mean, squares / np.maximum(count - 1, 1)


def _rms(std: FloatArray, number: IntArray) -> float:
    return float(np.sqrt(np.average(std**2, weights=number)))


def _weighted_median(values: FloatArray, weight: FloatArray) -> float:
    order = np.argsort(values, kind="stable")
    summed = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(summed, summed[-1] / 2)])
