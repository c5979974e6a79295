"""Self-calibration: sigma8 from the number of clusters and their median Y_X (section 5.2.1; Figs. 13, 14; Appendix A).

Y_X = M_gas T is a mass proxy with small scatter; its median depends on the mass at which the survey changes from flux-
to volume-limited.
"""

from dataclasses import dataclass

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

MINIMUM = 5  # catalogs that a bin needs for its scatter of sigma8
N_WIDTH = 10  # clusters: bins of Figures 14 and 18, those of the paper's regression on N_cluster
Y_WIDTH = 0.05  # dex in the median Y_X
_N_BOOTSTRAP = 500


def bin_edges(values: FloatArray | IntArray, width: float) -> FloatArray:
    """Return edges of bins that hold all values, at multiples of the width.

    Parameters
    ----------
    values : FloatArray or IntArray
        (n,) the values; NaN is left out.
    width : float
        Width of the bins; `N_WIDTH` and `Y_WIDTH` in Figures 14 and 18.

    Returns
    -------
    FloatArray
        (n_bins + 1,) ascending edges.
    """
    first, last = np.floor(np.nanmin(values) / width), np.floor(np.nanmax(values) / width) + 1
    return np.asarray((width * np.arange(first, last + 1)).round(6))


def log_yx(mocks: ClusterCatalogs) -> FloatArray:
    """Return log10 Y_X = log10 (M_gas T) of each cluster.

    Parameters
    ----------
    mocks : ClusterCatalogs
        Catalogs with the columns log_m_gas and log_temperature.

    Returns
    -------
    FloatArray
        (n_clusters,) log10 Y_X [Msun/h keV].
    """
    return np.asarray(mocks["log_m_gas"].astype(float) + mocks["log_temperature"])


def medians(values: FloatArray, offset: IntArray) -> FloatArray:
    """Return the median over the clusters of each catalog.

    Parameters
    ----------
    values : FloatArray
        (n_clusters,) values.
    offset : IntArray
        (n_catalogs + 1,) catalog c has values offset[c]:offset[c + 1].

    Returns
    -------
    FloatArray
        (n_catalogs,) medians; NaN for a catalog without clusters.
    """
    parts = np.split(values, offset[1:-1])
    return np.array([np.median(part) if len(part) else np.nan for part in parts])


@dataclass(frozen=True, kw_only=True)
class BinnedSigma8:
    """Mean and scatter of sigma8 in bins of two observables.

    Parameters
    ----------
    count : IntArray
        (n_x, n_y) number of catalogs.
    mean, std : FloatArray
        (n_x, n_y) mean and standard deviation of their sigma8; NaN in bins with too few catalogs.
    cell : IntArray
        (n_catalogs,) bin of each catalog, row after row as `numpy.ravel` counts them; -1 outside the edges.
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
    x, y : FloatArray or IntArray
        (n_catalogs,) observables; N_cluster and median Y_X in the paper.
    sigma8 : FloatArray
        (n_catalogs,) sigma8.
    x_edges, y_edges : FloatArray
        (n_x + 1,), (n_y + 1,) ascending edges of the bins; a bin includes its lower edge.
    minimum : int, optional
        Number of catalogs that a bin needs, at least 2.

    Returns
    -------
    BinnedSigma8
        Moments of sigma8 in each bin.

    Raises
    ------
    ValueError
        If the edges do not ascend, or the minimum is below 2.
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
    """The scatter of sigma8 among catalogs with equal values of two observables.

    Parameters
    ----------
    value : float
        Root mean square of the bins' standard deviations, weighted by the number of catalogs.
    error : float
        Standard error of `value`, from a bootstrap over catalogs within bins.
    n_bins, n_catalogs : int
        Number of bins with enough catalogs, and of catalogs in these bins.
    """

    value: float
    error: float
    n_bins: int
    n_catalogs: int


def fixed_scatter(binned: BinnedSigma8, sigma8: FloatArray, *, seed: int = 0) -> FixedScatter:
    """Return the scatter of sigma8 at fixed N_cluster and median Y_X; about 0.03 in the paper (Fig. 14).

    Parameters
    ----------
    binned : BinnedSigma8
        Result of `binned_sigma8` for the same catalogs.
    sigma8 : FloatArray
        (n_catalogs,) sigma8.
    seed : int, optional
        Seed of the bootstrap, which resamples within bins.

    Returns
    -------
    FixedScatter
        Scatter and its error.

    Raises
    ------
    ValueError
        If no bin has enough catalogs.
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
    """Choose two bins as Fig. 14 does: A with low and B with high sigma8. The paper does not give its rule.

    This rule takes the bins with the most catalogs among those whose mean sigma8 lies in the lower and in the upper
    third of the bins' means.

    Parameters
    ----------
    binned : BinnedSigma8
        Result of `binned_sigma8`.

    Returns
    -------
    dict[str, int]
        Bins of A and B, numbered as in `BinnedSigma8.cell`.

    Raises
    ------
    ValueError
        If no bin has enough catalogs.
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
    edges : FloatArray
        (n_bins + 1,) edges [dex].
    density : FloatArray
        (n_bins,) density [1/dex]; its integral is 1 minus the share outside the edges.
    median : float
        Median of the averaged distribution [dex].
    """

    edges: FloatArray
    density: FloatArray
    median: float


def transition_sets(log_m_break: FloatArray, *, share: float = 1 / 8) -> dict[str, IntArray]:
    """Return the catalogs with the lowest and the highest transition mass from flux- to volume-limited.

    The paper shows two sets of about 600 catalogs and does not say how they were chosen; an eighth of 4,968 is 621.

    Parameters
    ----------
    log_m_break : FloatArray
        (n_catalogs,) transition masses [log10 Msun/h].
    share : float, optional
        Share of the catalogs in each set.

    Returns
    -------
    dict[str, IntArray]
        Ascending indices of the sets ``low`` and ``high``; one set ``all`` if all catalogs have the same break.

    Raises
    ------
    ValueError
        If a set would be empty, or the sets would overlap.
    """
    number = round(len(log_m_break) * share)
    if not 1 <= number <= len(log_m_break) / 2:
        raise ValueError(f"transition sets: a share of {share} of {len(log_m_break)} catalogs gives sets of {number}")
    if np.ptp(log_m_break) == 0:
        return {"all": np.arange(len(log_m_break))}
    order = np.argsort(log_m_break, kind="stable")
    return {"low": np.sort(order[:number]), "high": np.sort(order[-number:])}


def averaged_pdf(values: FloatArray, offset: IntArray, catalogs: IntArray, edges: FloatArray) -> AveragedPdf:
    """Average the distributions of catalogs; each catalog has the same weight (Fig. 13).

    Parameters
    ----------
    values : FloatArray
        (n_clusters,) values of all catalogs [dex].
    offset : IntArray
        (n_catalogs + 1,) catalog c has values offset[c]:offset[c + 1].
    catalogs : IntArray
        Indices of the catalogs to average.
    edges : FloatArray
        (n_bins + 1,) edges of the bins [dex].

    Returns
    -------
    AveragedPdf
        The averaged distribution and its median.
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
