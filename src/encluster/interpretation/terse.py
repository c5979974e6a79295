"""Correlations of the terse value with properties of clusters and of catalogs (section 5.3; Figs. 15, 21).

Clusters of one catalog share the biases of its scaling relations and are not independent; therefore every interval
here comes from resampled catalogs, not from resampled clusters.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from encluster.catalogs import ClusterCatalogs
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

CONFIDENCE = 0.95
N_RESAMPLINGS = 500
_CLUSTERS_PER_BIN = 100  # bins of terse value, for correlations at fixed terse value


@dataclass(frozen=True, kw_only=True)
class RankCorrelation:
    """Spearman's coefficient with its confidence interval.

    Parameters
    ----------
    rho : float
        The coefficient.
    low, high : float
        Limits of its confidence interval.
    """

    rho: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio of two means with its confidence interval.

    Parameters
    ----------
    value : float
        The ratio.
    low, high : float
        Limits of its confidence interval.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class DarkStripes:
    """Properties of clusters with low saliency (section 5.3).

    The saliency of a cluster is the mean of abs(d terse / d pixel) over its pixels.

    Parameters
    ----------
    lowest, highest : Ratio
        Mean saliency in the lowest and highest tenth of the terse values over that in the middle fifth.
    with_distance : RankCorrelation
        Correlation of saliency with the distance of the terse value from its median.
    with_shape : RankCorrelation
        Correlation of saliency with the gas density slope in the core at fixed terse value.
    """

    lowest: Ratio
    highest: Ratio
    with_distance: RankCorrelation
    with_shape: RankCorrelation


def correlations(
    interpretation: ClusterCatalogs,
    *,
    seed: int = 0,
    confidence: float = CONFIDENCE,
    n_resamplings: int = N_RESAMPLINGS,
) -> dict[str, RankCorrelation]:
    """Return the rank correlation of the terse value with each quantity of Fig. 15, and with Y_X.

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Catalogs of the kind ``interpretation``.
    seed : int, optional
        Seed of the resampling.
    confidence : float, optional
        Confidence of the intervals.
    n_resamplings : int, optional
        Number of resamplings of the catalogs.

    Returns
    -------
    dict[str, RankCorrelation]
        For log_m500c, log_m_wl, log_m_gas, log_temperature, log_yx of the cluster; n_cluster, sigma8 of its catalog.
    """
    number, owner = interpretation.n_clusters, interpretation.owner
    of_cluster = ("log_m500c", "log_m_wl", "log_m_gas", "log_temperature")
    quantities = {name: interpretation[name] for name in of_cluster}
    # double precision for the sum of two large logarithms
    quantities["log_yx"] = interpretation["log_m_gas"].astype(float) + interpretation["log_temperature"]
    quantities |= {"n_cluster": number[owner], "sigma8": interpretation.catalog("sigma8")[owner]}
    terse = rankdata(interpretation["terse"])
    resamplings = _resamplings(len(number), n_resamplings, seed)
    return {
        name: _correlation(terse, rankdata(values), owner, resamplings, confidence)
        for name, values in quantities.items()
    }


def rank_correlation(
    x: FloatArray,
    y: FloatArray,
    owner: IntArray,
    *,
    seed: int = 0,
    confidence: float = CONFIDENCE,
    n_resamplings: int = N_RESAMPLINGS,
) -> RankCorrelation:
    """Return Spearman's coefficient of two properties of clusters; zero if one property is constant.

    The interval comes from a bootstrap over catalogs in which each cluster keeps its rank among all clusters.

    Parameters
    ----------
    x, y : FloatArray
        (n,) properties.
    owner : IntArray
        (n,) index of each cluster's catalog, from 0.
    seed : int, optional
        Seed of the resampling.
    confidence : float, optional
        Confidence of the interval.
    n_resamplings : int, optional
        Number of resamplings of the catalogs.

    Returns
    -------
    RankCorrelation
        Coefficient and interval.

    Raises
    ------
    ValueError
        If there are fewer than two catalogs, or a value is not finite.
    """
    for name, values in (("x", x), ("y", y)):
        if not np.isfinite(values).all():
            raise ValueError(f"rank correlation: {name} of cluster {int(np.argmin(np.isfinite(values)))} is not finite")
    resamplings = _resamplings(int(owner.max()) + 1, n_resamplings, seed)
    return _correlation(rankdata(x), rankdata(y), owner, resamplings, confidence)


def dark_stripes(
    interpretation: ClusterCatalogs,
    gamma_core: FloatArray,
    *,
    seed: int = 0,
    confidence: float = CONFIDENCE,
    n_resamplings: int = N_RESAMPLINGS,
) -> DarkStripes:
    """Measure which clusters have low saliency, the dark stripes of Fig. 10 (section 5.3).

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Catalogs of the kind ``interpretation``.
    gamma_core : FloatArray
        (n_clusters,) d ln rho_gas / d ln r at the innermost radius, of the same clusters.
    seed : int, optional
        Seed of the resampling, and of the random order of equal values.
    confidence : float, optional
        Confidence of the intervals.
    n_resamplings : int, optional
        Number of resamplings of the catalogs.

    Returns
    -------
    DarkStripes
        Ratios and rank correlations with their intervals.
    """
    owner, number = interpretation.owner, len(interpretation)
    terse = interpretation["terse"].astype(float)
    saliency = np.abs(interpretation["saliency"].astype(float)).mean(axis=1)
    resamplings = _resamplings(number, n_resamplings, seed)
    draw = generator(seed, "ties of terse values")
    place = rank_within(np.zeros(len(terse), int), terse, draw)

    def mean_saliency(inside: np.ndarray) -> FloatArray:
        """Return the mean saliency of some clusters, (1 + n_resamplings,): in all catalogs, then resampled."""
        total = _per_catalog(owner, number, inside * saliency, inside * 1.0)
        return resamplings @ total[:, 0] / (resamplings @ total[:, 1])

    middle = mean_saliency((place >= 0.4) & (place < 0.6))
    equal = (place * max(len(terse) // _CLUSTERS_PER_BIN, 1)).astype(int)
    at_equal = [rank_within(equal, values, draw) for values in (saliency, gamma_core)]
    return DarkStripes(
        lowest=_ratio(mean_saliency(place < 0.1) / middle, confidence),
        highest=_ratio(mean_saliency(place >= 0.9) / middle, confidence),
        with_distance=_correlation(
            rankdata(saliency), rankdata(np.abs(terse - np.median(terse))), owner, resamplings, confidence
        ),
        with_shape=_correlation(at_equal[0], at_equal[1], owner, resamplings, confidence),
    )


def rank_within(group: IntArray, values: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return the rank of each value within its group, evenly spread over 0 ... 1.

    Equal values are ordered at random. Their order in the table would bias the ranks: the catalogs of a grid are sorted
    by sigma8.

    Parameters
    ----------
    group : IntArray
        (n,) group of each value, a non-negative integer.
    values : FloatArray
        (n,) values to rank.
    rng : numpy.random.Generator
        Source of the order of equal values.

    Returns
    -------
    FloatArray
        (n,) ranks between 0 and 1.
    """
    order = np.lexsort((rng.random(len(values)), values, group))
    number = np.bincount(group)
    first = np.cumsum(number) - number
    ranks = np.empty(len(values))
    ranks[order] = (np.arange(len(values)) - first[group[order]] + 0.5) / number[group[order]]
    return ranks


def _resamplings(n_catalogs: int, n_resamplings: int, seed: int) -> FloatArray:
    """Return how often each catalog counts, (1 + n_resamplings, n_catalogs): once, then as drawn with replacement."""
    if n_catalogs < 2:
        raise ValueError(f"resampling catalogs needs at least 2 of them, got {n_catalogs}")
    drawn = generator(seed, "resampled catalogues").multinomial(  # codespell:ignore - this text keys the random numbers
        n_catalogs, np.full(n_catalogs, 1 / n_catalogs), n_resamplings
    )
    return np.concatenate([np.ones((1, n_catalogs)), drawn])


def _per_catalog(owner: IntArray, n_catalogs: int, *columns: FloatArray) -> FloatArray:
    """Return sums over the clusters of each catalog, (n_catalogs, n_columns)."""
    return np.stack([np.bincount(owner, column, n_catalogs) for column in columns], axis=1)


def _correlation(
    x: FloatArray, y: FloatArray, owner: IntArray, resamplings: FloatArray, confidence: float
) -> RankCorrelation:
    """Return Pearson's coefficient of ranks and its interval, from sums over catalogs that fit any resampling."""
    x, y = x - x.mean(), y - y.mean()
    columns = np.ones(len(x)), x, y, x * x, y * y, x * y
    n, sx, sy, sxx, syy, sxy = (resamplings @ _per_catalog(owner, resamplings.shape[1], *columns)).T
    square = (sxx - sx**2 / n) * (syy - sy**2 / n)
    rho = np.divide(sxy - sx * sy / n, np.sqrt(square), where=square > 0, out=np.zeros(len(n)))
    low, high = _interval(rho[1:], confidence)
    return RankCorrelation(rho=float(rho[0]), low=low, high=high)


def _ratio(values: FloatArray, confidence: float) -> Ratio:
    low, high = _interval(values[1:], confidence)
    return Ratio(value=float(values[0]), low=low, high=high)


def _interval(values: FloatArray, confidence: float) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
