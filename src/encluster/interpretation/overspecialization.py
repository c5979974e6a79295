"""Audit of the terse values for overspecialization: facts that hold only in the simulation (Appendix B; Fig. 21).

The encoder reads one cluster. A single cluster has information on sigma8 only through its mass; at fixed mass, the
terse value of a sound network is independent of sigma8. The audit asks two questions, each with an effect size and a
limit:

1. *Leak*: at fixed true mass, what share of their variance do terse value and sigma8 have in common?
   Terse values are ranked within narrow bins of mass, so that neither the form of the dependence on mass nor the
   dependence of the mass function on sigma8 matters. The terse value may depend on sigma8 without a monotonic
   relation; therefore the leak is the larger of two correlation ratios: the share of the variance of sigma8 between
   fifths of the terse rank, and the share of the variance of the terse rank between fifths of the catalogs in sigma8,
   each within four ranges of mass. Permutations of sigma8 between catalogs give the null distribution. The clusters
   of a catalog stay together, because they share the biases of its scaling relations, which correlate with sigma8 by
   chance.
2. *Mass*: does the terse value follow mass at all (rank correlation)?

The cause of overspecialization is the simulation that a network learns from (Appendix B); therefore a network is
audited on catalogs of the kind that it was trained on. If the observables at fixed mass do not depend on sigma8, no
encoder can leak; if they do, every mass proxy leaks to some degree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from encluster.catalogs import owners
from encluster.interpretation.terse import RankCorrelation, rank_correlation, rank_within
from encluster.interpretation.variance_shares import VarianceShares
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

# The mass of a cluster shares 1.8 % of its variance with sigma8. A terse value above the limit therefore has more
# information on sigma8 at fixed mass than the mass itself. Biased proxies without leak (T, M_gas, Y_X) stay below 1.5 %
# by chance in 99 of 100 sets of 497 catalogs, trained networks below 0.2 %. If each of 119 clusters leaked 2 % with
# independent errors, their mean alone would give sigma8 to 0.036; the full catalogs give it to 0.02.
MAX_LEAK = 0.02
# Below this limit, mass explains less than a quarter of the variance of the terse ranks.
MIN_MASS_CORRELATION = 0.5
MIN_CATALOGS, MIN_CLUSTERS = 20, 200

PASSES, OVERSPECIALIZED = "passes", "overspecialized"
NO_MASS, UNDECIDED = "does not follow mass", "undecided"

_BLOCK = 250  # permutations per block


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Verdict and measured numbers of an audit.

    Parameters
    ----------
    verdict : str
        One of "passes"; "overspecialized": the leak exceeds its limit and is not explained by chance; "does not follow
        mass": no leak, but a weak correlation with mass; "undecided": too few catalogs to separate a leak at the limit
        from chance. With fewer than 20 catalogs or 200 clusters nothing is measured, and the numbers are NaN.
    leak : float
        The larger of `share_of_sigma8` and `share_of_terse`.
    share_of_sigma8 : float
        Share of the variance of sigma8 that one terse value explains at fixed mass, corrected for its mean by chance:
        without a leak it scatters about zero.
    share_of_terse : float
        Share of the variance of the terse rank at fixed mass that sigma8 explains, with the same correction.
    p_value : float
        Probability of such a leak or a larger one by chance.
    detectable : float
        Leak that chance exceeds with probability 1 - `confidence`.
    partial_rho : float
        Rank correlation of terse value and sigma8 at fixed mass.
    partial_p_value : float
        Probability of such a coefficient or a larger one, of either sign, by chance.
    mass_share_of_sigma8 : float
        Share of the variance of sigma8 that one true mass explains, for comparison with the leak.
    rho_sigma8 : RankCorrelation
        Rank correlation of terse value and sigma8 without regard to mass (Fig. 21).
    rho_mass : RankCorrelation
        Rank correlation of terse value and mass.
    rho_mass_at_sigma8 : RankCorrelation
        Rank correlation of terse value and mass among clusters of similar sigma8.
    max_leak, min_mass_correlation : float
        Limits of the two effects.
    confidence : float
        Confidence of the verdict.
    n_permutations : int
        Number of permutations.
    n_catalogs, n_clusters : int
        Number of audited catalogs and clusters.
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
        """The verdict and its numbers in one line."""
        if np.isnan(self.leak):
            return (
                f"{self.verdict}: {self.n_catalogs} catalogs with {self.n_clusters} clusters in all are too few to "
                f"tell a leak from chance; the audit needs {MIN_CATALOGS} catalogs and {MIN_CLUSTERS} clusters"
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
    """Test terse values for information on sigma8 beyond that of the true mass, and for their correlation with mass.

    Each catalog has the same weight, independent of its number of clusters.

    Parameters
    ----------
    terse : FloatArray
        (n_clusters,) terse values of catalogs that were not used for training.
    log_m500c : FloatArray
        (n_clusters,) log10 of the true M500c [Msun/h].
    sigma8_of_catalog : FloatArray
        (n_catalogs,) sigma8.
    offset : IntArray
        (n_catalogs + 1,) catalog c has clusters offset[c]:offset[c + 1].
    seed : int
        Seed of the permutations, and of the random order of equal values.
    n_permutations : int, optional
        Number of permutations of sigma8 between catalogs.
    confidence : float, optional
        At most a share 1 - confidence of the audits of sound networks finds overspecialization.
    max_leak, min_mass_correlation : float, optional
        Limits of the two effects.

    Returns
    -------
    Audit
        Verdict and numbers.

    Raises
    ------
    ValueError
        If the shapes of the arrays do not agree, a value is not finite, a catalog has no clusters, all catalogs have
        the same sigma8, or the permutations are too few for this confidence.
    """
    sigma8 = np.asarray(sigma8_of_catalog, float)
    _check(terse, log_m500c, sigma8, offset)
    require_labels(sigma8)
    if not 0 < confidence < 1 or 1 / (1 + n_permutations) > 1 - confidence:
        raise ValueError(
            f"audit: n_permutations = {n_permutations}, confidence = {confidence:g}: the confidence must lie between 0"
            " and 1, and needs at least 1 / (1 - confidence) - 1 permutations"
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
    shares = VarianceShares(terse, log_m500c, sigma8, owner, rng)
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
    """Check that an audit has catalogs with different values of sigma8.

    Parameters
    ----------
    sigma8 : FloatArray
        (n_catalogs,) sigma8; fewer than 20 catalogs are not checked, because their audit measures nothing.

    Raises
    ------
    ValueError
        If all catalogs have the same sigma8.
    """
    if len(sigma8) >= MIN_CATALOGS and np.ptp(sigma8) == 0:
        raise ValueError(
            f"audit: all {len(sigma8)} catalogs have sigma8 = {sigma8[0]:g}; the audit needs different values"
        )


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
