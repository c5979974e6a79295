"""Power of the audit: how often it finds a leak that was planted in sound values of real catalogs.

The masses, numbers of clusters and sigma8 are those of the catalogs. The values are drawn anew for each audit: a line
of log mass with normal scatter, of which a part is common to all clusters of a catalog. Slope, scatter and this part
are measured from the terse values of a network.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.leaks import measure
from encluster.interpretation.verdict import (
    FAIL,
    MAX_LEAK,
    MAX_R_SQUARED,
    MIN_CATALOGS,
    MIN_CLUSTERS,
    TERSE,
    judge,
)
from encluster.randomness import generator
from encluster.types import FloatArray

SUPPLEMENTARY = "supplementary input"
SIZES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
COLUMNS = ("kind", "size", "n_audits", "in_cluster", "in_catalog", "found", "failed", "leak", "r_squared")
CONFIDENCE = 0.99
N_PERMUTATIONS = 499
_TAIL = 0.1


def _replaced(values: FloatArray, places: FloatArray, size: float, rng: np.random.Generator) -> FloatArray:
    return np.where(rng.random(len(values)) < size, places, values)


# kind: (values, trend with mass, scatter, standardized sigma8 of each cluster, size, rng) -> values with the leak
LEAKS: dict[str, Callable[..., FloatArray]] = {
    "few clusters, far outside": lambda v, trend, scatter, label, size, rng: _replaced(
        v, v.max() + scatter * (100 + label), size, rng
    ),
    "few clusters, among the others": lambda v, trend, scatter, label, size, rng: _replaced(
        v, trend + scatter * label, size, rng
    ),
    "all clusters": lambda v, trend, scatter, label, size, rng: (
        trend + np.sqrt(1 - size) * (v - trend) + np.sqrt(size) * scatter * label
    ),
    "highest tenth": lambda v, trend, scatter, label, size, rng: (
        v + scatter * np.sqrt(size / _TAIL) * label * (v - trend > np.quantile(v - trend, 1 - _TAIL))
    ),
    "scatter": lambda v, trend, scatter, label, size, rng: trend + (v - trend) * np.exp(np.sqrt(size) * label),
}
LEAKS[SUPPLEMENTARY] = LEAKS["all clusters"]


@dataclass(frozen=True, kw_only=True)
class SoundValues:
    """Values that follow mass and do not depend on sigma8 at fixed mass.

    Parameters
    ----------
    slope : float
        Change per dex of mass.
    scatter : float
        Standard deviation at fixed mass.
    shared : float
        Share of the variance at fixed mass that is common to all clusters of a catalog.
    """

    slope: float
    scatter: float
    shared: float

    @classmethod
    def like(cls, catalogs: ClusterCatalogs) -> "SoundValues":
        """Measure the three numbers from the terse values of a network.

        Parameters
        ----------
        catalogs : ClusterCatalogs
            Catalogs of the kind ``interpretation``, each with at least one cluster.

        Returns
        -------
        SoundValues
            Numbers of a network; a network with constant terse values has zero slope and scatter.
        """
        log_m, terse = catalogs["log_m500c"].astype(float), catalogs["terse"].astype(float)
        slope, height = np.polyfit(log_m, terse, 1)
        residual = terse - slope * log_m - height
        number, owner = catalogs.n_clusters, catalogs.owner
        mean = np.bincount(owner, residual) / number
        within = float(((residual - mean[owner]) ** 2).sum() / max(len(terse) - len(number), 1))
        variance = float(residual.var())
        shared = max(1 - within / variance, 0.0) if variance > 0 else 0.0
        return cls(slope=float(slope), scatter=float(np.sqrt(variance)), shared=shared)

    def draw(self, catalogs: ClusterCatalogs, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Return values of all clusters, and their mean at the mass of each cluster; both (n_clusters,)."""
        trend = self.slope * catalogs["log_m500c"].astype(float)
        common = np.sqrt(self.shared) * rng.normal(size=len(catalogs))[catalogs.owner]
        return trend + self.scatter * (common + np.sqrt(1 - self.shared) * rng.normal(size=len(trend))), trend


def power(
    catalogs: ClusterCatalogs, sound: SoundValues, kind: str, size: float, *, n_audits: int, seed: int
) -> pd.Series:
    """Audit sound values with one kind of leak several times.

    Parameters
    ----------
    catalogs : ClusterCatalogs
        Catalogs of the kind ``interpretation``.
    sound : SoundValues
        The values without the leak.
    kind : str
        A key of `LEAKS`.
    size : float
        Size of the leak, 0 for none. For a leak in a few clusters: their share of all clusters. For a leak in all
        clusters, in the highest tenth or in the supplementary input: its share of the variance at fixed mass. For a
        leak in the scatter: variance of the logarithm of the scatter.
    n_audits : int
        Number of audits.
    seed : int
        Seed of values and permutations.

    Returns
    -------
    pd.Series
        Values of `COLUMNS`: shares of the audits in which the test of one cluster or of a catalog is significant, in
        which either is, and with the verdict FAIL; medians of both measures.
    """
    log_m, sigma8 = catalogs["log_m500c"].astype(float), catalogs.catalog("sigma8").astype(float)
    label = ((sigma8 - sigma8.mean()) / sigma8.std())[catalogs.owner]
    rng = generator(seed, f"power of the audit: {kind}", round(size * 1e6))
    names = (TERSE, SUPPLEMENTARY) if kind == SUPPLEMENTARY else (TERSE,)
    level = (1 - CONFIDENCE) / (2 * len(names))
    limits = {"max_leak": MAX_LEAK, "max_r_squared": MAX_R_SQUARED, "min_mass_correlation": 0.0}
    rows = []
    for _ in range(n_audits):
        orders = rng.permuted(np.tile(np.arange(len(sigma8)), (N_PERMUTATIONS, 1)), axis=1)
        leaks = {}
        for name in names:
            values, trend = sound.draw(catalogs, rng)
            if size and name == names[-1]:
                values = LEAKS[kind](values, trend, sound.scatter, label, size, rng)
            leaks[name] = measure(values, log_m, sigma8, catalogs.offset, [orders], level=level, rng=rng).leak
        verdict, _, leaking = judge(leaks, 1.0, level=level, **limits)
        planted = leaks[names[-1]]
        significant = planted.p_value <= level, planted.r_squared_p_value <= level
        rows.append((*significant, bool(leaking), verdict == FAIL, planted.leak, planted.r_squared))
    table = np.array(rows, float)
    shares, medians = table[:, :4].mean(axis=0), np.median(table[:, 4:], axis=0)
    return pd.Series(dict(zip(COLUMNS, (kind, size, n_audits, *shares, *medians), strict=True)))


def large_enough(catalogs: ClusterCatalogs) -> bool:
    """Return whether an audit of these catalogs measures anything.

    Parameters
    ----------
    catalogs : ClusterCatalogs
        Catalogs of any kind.

    Returns
    -------
    bool
        Whether there are at least 20 catalogs and 200 clusters.
    """
    return len(catalogs) >= MIN_CATALOGS and int(catalogs.offset[-1]) >= MIN_CLUSTERS
