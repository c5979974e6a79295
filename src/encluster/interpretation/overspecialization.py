"""Has a network learned what is true of its simulation only? An audit of the terse values (Appendix B; Fig. 21).

The encoder sees one cluster. What a single cluster tells about sigma8 is its mass; beyond that, the terse value of a
sound model knows nothing of sigma8. Two questions, each with an effect size and a stated limit:

1. *Leak*: among clusters of equal true mass, what share of their variance do terse value and sigma8 have in common?
   Terse values are ranked within narrow bins of mass, so that neither the form of the dependence on mass nor the
   dependence of the mass function on sigma8 matters. sigma8 may move the terse value without following it, and the
   reverse; so the larger of two correlation ratios counts: the share of the variance of sigma8 between fifths of the
   terse rank, and that of the terse rank between fifths of the catalogs in sigma8, each within four ranges of mass.
   The null hypothesis is made by permuting sigma8 between catalogs. The clusters of a catalog stay together:
   its scaling relations are biased alike for all of them, which by chance goes with sigma8.
2. *Mass*: does the terse value follow mass at all (rank correlation)?

The fault lies in the simulation that a network learns from (Appendix B), so that a network is audited on catalogs of
the kind that it was trained on. Where observables at given mass do not depend on sigma8, no encoder can leak; where
they do, every mass proxy leaks some.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata

from encluster.catalogs import owners
from encluster.interpretation.terse import RankCorrelation, rank_correlation, rank_within
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

# The mass of a cluster has itself 1.8 % of its variance in common with sigma8, so beyond the limit a terse value tells
# more of sigma8 past the mass than the mass does. Pure but biased proxies (T, M_gas, Y_X) stay below 1.5 %
# by chance in 99 of 100 sets of 497 catalogs, trained networks below 0.2 %. If 119 clusters leaked 2 % each with
# independent errors, their mean alone would give sigma8 to 0.036, much less than these catalogs hold (0.02).
MAX_LEAK = 0.02
# Below it, mass makes less than a quarter of the variance of the terse ranks.
MIN_MASS_CORRELATION = 0.5
MIN_CATALOGS, MIN_CLUSTERS = 20, 200

PASSES, OVERSPECIALIZED = "passes", "overspecialized"
NO_MASS, UNDECIDED = "does not follow mass", "undecided"

_CLUSTERS_PER_BIN, _MAX_BINS = 50, 400  # of equal mass
_FIFTHS, _RANGES = 5, 4
_BLOCK = 250  # permutations at once


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What the audit found.

    Parameters
    ----------
    verdict : "passes"; "overspecialized": a leak above its limit that chance does not explain; "does not follow mass":
        no leak, but no mass either; "undecided": too few catalogs to tell a leak at the limit from chance; where they
        are fewer than 20, or their clusters fewer than 200, nothing is measured: NaN
    leak : the larger of the next two
    share_of_sigma8 : share of the variance of sigma8 that one terse value explains at fixed mass
    share_of_terse : share of the variance of the terse rank at fixed mass that sigma8 explains. From both is taken off
        what chance gives on average, so that without a leak they scatter about zero
    p_value : probability of such a leak or a larger one by chance
    detectable : leak that chance exceeds with probability 1 - `confidence`
    partial_rho : rank correlation of terse value and sigma8 at fixed mass
    partial_p_value : probability of such a coefficient or a larger one, of either sign, by chance
    mass_share_of_sigma8 : share of the variance of sigma8 that one true mass explains: a yardstick for the leak
    rho_sigma8 : rank correlation of terse value and sigma8, whatever the mass (Fig. 21), with its interval
    rho_mass : the same of terse value and mass
    rho_mass_at_sigma8 : the same among clusters of similar sigma8
    max_leak, min_mass_correlation, confidence, n_permutations : what the verdict rests on
    n_catalogs, n_clusters : audited
    """

    verdict: str
    leak: float
    share_of_sigma8: float
    share_of_terse: float
    p_value: float
    detectable: float
    partial_rho: float
    partial_p_value: float
    mass_share_of_sigma8: float
    rho_sigma8: RankCorrelation
    rho_mass: RankCorrelation
    rho_mass_at_sigma8: RankCorrelation
    max_leak: float
    min_mass_correlation: float
    confidence: float
    n_permutations: int
    n_catalogs: int
    n_clusters: int

    @property
    def sentence(self) -> str:
        """What was found, in one line."""
        if np.isnan(self.leak):
            return (
                f"{self.verdict}: {self.n_catalogs} catalogs of {self.n_clusters} clusters in all are too few to "
                f"tell a leak from chance; it takes {MIN_CATALOGS} catalogs and {MIN_CLUSTERS} clusters"
            )
        shared = (
            f"at equal mass a cluster's terse value and sigma8 share {max(self.leak, 0):.2%} of their variance "
            f"(limit {self.max_leak:.2%}, p = {self.p_value:.2g}, partial rank correlation {self.partial_rho:+.3f})"
        )
        mass = f"rank correlation with mass {self.rho_mass.rho:+.3f} (limit {self.min_mass_correlation:g})"
        counts = f"{self.n_clusters} clusters of {self.n_catalogs} catalogs, confidence {self.confidence:.4g}"
        chance = f"; chance alone reaches {self.detectable:.2%}" if self.verdict == UNDECIDED else ""
        return f"{self.verdict}: {shared}{chance}; {mass}; {counts}"


_NAN = float("nan")
_NO_CORRELATION = RankCorrelation(rho=_NAN, low=_NAN, high=_NAN)
_NOTHING_MEASURED: dict[str, Any] = {
    **dict.fromkeys(("leak", "share_of_sigma8", "share_of_terse", "p_value", "detectable"), _NAN),
    **dict.fromkeys(("partial_rho", "partial_p_value", "mass_share_of_sigma8"), _NAN),
    **dict.fromkeys(("rho_sigma8", "rho_mass", "rho_mass_at_sigma8"), _NO_CORRELATION),
}


def audit(
    terse: FloatArray,
    log_m500c: FloatArray,
    sigma8_of_catalog: FloatArray,
    offset: IntArray,
    *,
    seed: int,
    n_permutations: int = 2000,
    confidence: float = 0.99,
    max_leak: float = MAX_LEAK,
    min_mass_correlation: float = MIN_MASS_CORRELATION,
) -> Audit:
    """Ask whether terse values carry sigma8 beyond what true masses explain, and whether they follow mass at all.

    Each catalog counts the same, whatever its number of clusters.

    Parameters
    ----------
    terse : (n_clusters,) terse values of catalogs that the network was not trained on
    log_m500c : (n_clusters,) log10 of their true masses
    sigma8_of_catalog : (n_catalogs,)
    offset : (n_catalogs + 1,) catalog c owns clusters offset[c]:offset[c + 1]
    seed : of the permutations, and of the order among equal values
    n_permutations : of sigma8 between catalogs
    confidence : of the verdict: a sound model is called overspecialized at most once in 1 / (1 - confidence) audits
    max_leak, min_mass_correlation : limits of the two effects

    Raises
    ------
    ValueError : arrays that do not belong together, values that are not finite, catalogs without clusters, one
        single sigma8, or too few permutations for this confidence
    """
    sigma8 = np.asarray(sigma8_of_catalog, float)
    _check(terse, log_m500c, sigma8, offset)
    require_labels(sigma8)
    if not 0 < confidence < 1 or 1 / (1 + n_permutations) > 1 - confidence:
        raise ValueError(
            f"audit: {n_permutations} permutations cannot tell chance at confidence {confidence:g}; "
            "it takes more than 1 / (1 - confidence)"
        )
    limits: dict[str, Any] = {
        "max_leak": max_leak,
        "min_mass_correlation": min_mass_correlation,
        "confidence": confidence,
    }
    counts: dict[str, Any] = {"n_permutations": n_permutations, "n_catalogs": len(sigma8), "n_clusters": len(terse)}
    if len(sigma8) < MIN_CATALOGS or len(terse) < MIN_CLUSTERS:
        return Audit(verdict=UNDECIDED, **_NOTHING_MEASURED, **limits, **counts)
    rng = generator(seed, "audit")
    owner = owners(offset)
    shares = _Shares(terse, log_m500c, sigma8, owner, rng)
    found = shares.of(np.arange(len(sigma8))[None])
    null = np.concatenate([shares.of(order) for order in _permutations(len(sigma8), n_permutations, rng)])

    chance = null[:, :3].mean(axis=0)
    (sigma8_share, terse_share, mass_share), partial_rho = (found[0, :3] - chance) / (1 - chance), found[0, 3]
    leak = max(sigma8_share, terse_share)
    leak_by_chance = ((null[:, :2] - chance[:2]) / (1 - chance[:2])).max(axis=1)
    p_value = _p_value(leak_by_chance, leak)
    detectable = float(np.quantile(leak_by_chance, confidence))
    rho_mass = rank_correlation(terse, log_m500c, owner, seed=seed, confidence=confidence)
    terse_at_sigma8, mass_at_sigma8 = (rank_within(shares.fifth[owner], x, rng) for x in (terse, log_m500c))
    if p_value <= 1 - confidence and leak > max_leak:
        verdict = OVERSPECIALIZED
    elif abs(rho_mass.rho) < min_mass_correlation:
        verdict = NO_MASS
    else:
        verdict = UNDECIDED if detectable > max_leak else PASSES
    return Audit(
        verdict=verdict,
        leak=float(leak),
        share_of_sigma8=float(sigma8_share),
        share_of_terse=float(terse_share),
        p_value=p_value,
        detectable=detectable,
        partial_rho=float(partial_rho),
        partial_p_value=_p_value(np.abs(null[:, 3]), abs(partial_rho)),
        mass_share_of_sigma8=float(mass_share),
        rho_sigma8=rank_correlation(terse, sigma8[owner], owner, seed=seed, confidence=confidence),
        rho_mass=rho_mass,
        rho_mass_at_sigma8=rank_correlation(terse_at_sigma8, mass_at_sigma8, owner, seed=seed, confidence=confidence),
        **limits,
        **counts,
    )


def require_labels(sigma8: FloatArray) -> None:
    """Raise ValueError where all these catalogs, (n_catalogs,), have one sigma8, if they are not too few anyway."""
    if len(sigma8) >= MIN_CATALOGS and np.ptp(sigma8) == 0:
        raise ValueError(f"audit: all {len(sigma8)} catalogs have sigma8 = {sigma8[0]:g}; it takes different values")


class _Shares:
    """Shares of variance as sums over catalogs, so that another order of the labels costs a product of matrices."""

    def __init__(
        self, terse: FloatArray, log_m: FloatArray, sigma8: FloatArray, owner: IntArray, rng: np.random.Generator
    ) -> None:
        n = len(owner)
        self._sigma8 = sigma8 - sigma8.mean()
        self._sigma8_rank = rankdata(sigma8) - (len(sigma8) + 1) / 2
        # the same for equal values, so that there may be fewer than five
        self.fifth = ((self._sigma8_rank / len(sigma8) + 0.5) * _FIFTHS).astype(int)
        weight = 1 / np.bincount(owner)[owner]
        n_bins = min(max(n // _CLUSTERS_PER_BIN, _RANGES), _MAX_BINS)
        mass_bin = (rank_within(np.zeros(n, int), log_m, rng) * n_bins).astype(int)
        mass_range = mass_bin * _RANGES // n_bins
        rank = rank_within(mass_bin, terse, rng)
        cell = mass_range * _FIFTHS + (rank * _FIFTHS).astype(int)

        def table(column: IntArray, n_columns: int, values: FloatArray) -> FloatArray:
            flat = np.bincount(owner * n_columns + column, values, int(owner[-1] + 1) * n_columns)
            return np.asarray(flat.reshape(-1, n_columns))

        self._in_bin = table(mass_bin, n_bins, weight)
        self._bin_weight = self._in_bin.sum(axis=0)
        in_cell = table(cell, _RANGES * _FIFTHS, weight)
        self._cell_weight = in_cell.sum(axis=0)
        # what the cells of a catalog would weigh if its clusters had the ranks of all others of their mass
        both = np.bincount(mass_bin * _RANGES * _FIFTHS + cell, weight, n_bins * _RANGES * _FIFTHS).reshape(n_bins, -1)
        self._excess = in_cell - self._in_bin @ (both / self._bin_weight[:, None])
        rank = rank - (np.bincount(mass_bin, weight * rank) / self._bin_weight)[mass_bin]
        self._rank = table(mass_range, _RANGES, weight * rank)
        self._range_weight = table(mass_range, _RANGES, weight)
        self._rank_squares = float(weight @ rank**2)

    def of(self, orders: IntArray) -> FloatArray:
        """Return shares and coefficient with sigma8 in other orders.

        orders : (n_orders, n_catalogs) permutations  ->  (n_orders, 4) share of sigma8 by terse rank at fixed mass,
        of terse rank by sigma8 at fixed mass, of sigma8 by mass; partial rank correlation
        """
        sigma8, ranks, fifth = self._sigma8[orders], self._sigma8_rank[orders], self.fifth[orders]
        variance = self._sigma8 @ self._sigma8
        between_bins = self._between_bins(sigma8)
        by_terse = ((sigma8 @ self._excess) ** 2 / self._cell_weight).sum(axis=1) / (variance - between_bins)
        by_sigma8 = np.zeros(len(orders))
        for k in np.unique(self.fifth):
            inside = (fifth == k).astype(float)
            squares, weight = (inside @ self._rank) ** 2, inside @ self._range_weight
            # few and small catalogs may have no cluster in a range of mass
            squares = np.divide(squares, weight, where=weight > 0, out=np.zeros_like(weight))
            by_sigma8 += squares.sum(axis=1) / self._rank_squares
        rank_variance = self._sigma8_rank @ self._sigma8_rank - self._between_bins(ranks)
        partial_rho = ranks @ self._rank.sum(axis=1) / np.sqrt(rank_variance * self._rank_squares)
        return np.stack([by_terse, by_sigma8, between_bins / variance, partial_rho], axis=1)

    def _between_bins(self, labels: FloatArray) -> FloatArray:
        """(n_orders,) sum of squares of the means of labels, which are zero on average, in bins of mass."""
        return np.asarray(((labels @ self._in_bin) ** 2 / self._bin_weight).sum(axis=1))


def _permutations(n_catalogs: int, number: int, rng: np.random.Generator) -> Iterator[IntArray]:
    """Yield `number` permutations of the catalogs, a block of them at a time."""
    for first in range(0, number, _BLOCK):
        rows = np.tile(np.arange(n_catalogs), (min(_BLOCK, number - first), 1))
        yield rng.permuted(rows, axis=1)


def _p_value(null: FloatArray, found: float) -> float:
    return float((1 + (null >= found).sum()) / (1 + len(null)))


def _check(terse: FloatArray, log_m: FloatArray, sigma8: FloatArray, offset: IntArray) -> None:
    if len(offset) != len(sigma8) + 1 or len(terse) != offset[-1] or len(log_m) != offset[-1] or offset[0] != 0:
        raise ValueError(
            f"audit: {len(terse)} terse values, {len(log_m)} masses, {len(sigma8)} values of sigma8 and offsets "
            f"{offset[0]} ... {offset[-1]} of {len(offset) - 1} catalogs do not belong together"
        )
    if (np.diff(offset) < 1).any():
        raise ValueError(f"audit: catalog {int(np.argmin(np.diff(offset)))} has no clusters")
    for name, values in (("terse", terse), ("log_m500c", log_m), ("sigma8", sigma8)):
        if not np.isfinite(values).all():
            raise ValueError(f"audit: {name} of row {int(np.argmin(np.isfinite(values)))} is not finite")
