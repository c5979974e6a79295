"""Audit of the terse values for overspecialization: facts that hold only in the simulation (Appendix B; Fig. 21).

The encoder reads one cluster. A single cluster has information on sigma8 only through its mass; at fixed mass, the
terse value of a sound network is independent of sigma8, and so is each supplementary input. The audit asks three
questions, each with an effect size and a limit:

1. *Leak in one cluster*: at fixed true mass, what share of their variance do the value of a cluster and sigma8 have in
   common? Values are ranked within narrow bins of mass, so that neither the form of the dependence on mass nor the
   dependence of the mass function on sigma8 matters. The value may depend on sigma8 without a monotonic relation;
   therefore the leak is the larger of two correlation ratios: the share of the variance of sigma8 between fifths of
   the rank, and the share of the variance of the rank between fifths of the catalogs in sigma8, each within four
   ranges of mass.
2. *Leak in a catalog*: what share of the variance of sigma8 does a regression on all values of a catalog predict?
   `encluster.interpretation.catalog_regression` has the method. It finds leaks in a few clusters, in the tails and in
   the scatter.
3. *Mass*: does the terse value follow mass at all (rank correlation)?

Permutations of sigma8 between catalogs give the null distribution of both leaks. The clusters of a catalog stay
together, because they share the biases of its scaling relations, which correlate with sigma8 by chance. The limit of
significance is divided by the number of tests (Bonferroni), so that the whole audit has one false alarm in 100.

What remains: values of a few clusters that lie within the distribution of the others, catalogs with a leak that has no
linear trend with sigma8, and values that tell sigma8 in combination with another input only.

The cause of overspecialization is the simulation that a network learns from (Appendix B); therefore a network is
audited on catalogs of the kind that it was trained on. If the observables at fixed mass do not depend on sigma8, no
encoder can leak; if they do, every mass proxy leaks to some degree.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from encluster.catalogs import owners
from encluster.interpretation.leaks import Leak, measure
from encluster.interpretation.terse import RankCorrelation, rank_correlation, rank_within
from encluster.interpretation.variance_shares import fifths
from encluster.interpretation.verdict import (
    MAX_LEAK,
    MAX_R_SQUARED,
    MIN_CATALOGS,
    MIN_CLUSTERS,
    MIN_MASS_CORRELATION,
    TERSE,
    TOO_FEW,
    UNDECIDED,
    Audit,
    judge,
)
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

_BLOCK = 250  # permutations per block

_NAN = float("nan")
_NO_CORRELATION = RankCorrelation(rho=_NAN, low=_NAN, high=_NAN)
_NO_LEAK: dict[str, Any] = dict.fromkeys(Leak.__dataclass_fields__, _NAN)
_NOTHING_MEASURED: dict[str, Any] = {
    **dict.fromkeys(("share_of_sigma8", "share_of_terse"), _NAN),
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
    supplementary: Mapping[str, FloatArray] | None = None,
    n_permutations: int = 2000,
    confidence: float = 0.99,
    max_leak: float = MAX_LEAK,
    max_r_squared: float = MAX_R_SQUARED,
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
    supplementary : Mapping[str, FloatArray], optional
        (n_clusters,) values of each other input that the network reads beside the terse value.
    n_permutations : int, optional
        Number of permutations of sigma8 between catalogs.
    confidence : float, optional
        At most a share 1 - confidence of the audits of sound networks finds a leak.
    max_leak, max_r_squared, min_mass_correlation : float, optional
        Limits of the three effects.

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
    properties = {TERSE: terse, **(supplementary or {})}
    _check(properties, log_m500c, sigma8, offset)
    require_labels(sigma8)
    n_tests = 2 * len(properties)
    level = (1 - confidence) / n_tests
    if not 0 < confidence < 1 or 1 / (1 + n_permutations) > level:
        raise ValueError(
            f"audit: n_permutations = {n_permutations}, confidence = {confidence:g}: the confidence must lie between 0"
            f" and 1, and needs at least {n_tests} / (1 - confidence) - 1 permutations"
        )
    limits: dict[str, Any] = {
        "max_leak": max_leak,
        "max_r_squared": max_r_squared,
        "min_mass_correlation": min_mass_correlation,
    }
    about: dict[str, Any] = {
        "confidence": confidence,
        "n_tests": n_tests,
        "n_permutations": n_permutations,
        "n_catalogs": len(sigma8),
        "n_clusters": len(terse),
    }
    if len(sigma8) < MIN_CATALOGS or len(terse) < MIN_CLUSTERS:
        others = {name: Leak(**_NO_LEAK) for name in supplementary or ()}
        return Audit(
            verdict=UNDECIDED,
            reason=TOO_FEW,
            leaking=(),
            supplementary=others,
            **_NO_LEAK,
            **_NOTHING_MEASURED,
            **limits,
            **about,
        )
    rng = generator(seed, "audit")
    owner = owners(offset)
    rows = np.tile(np.arange(len(sigma8)), (n_permutations, 1))
    orders = np.array_split(rng.permuted(rows, axis=1), -(-n_permutations // _BLOCK))
    measured = {
        name: measure(values, log_m500c, sigma8, offset, orders, level=level, rng=rng)
        for name, values in properties.items()
    }
    rho_mass = rank_correlation(terse, log_m500c, owner, seed=seed, confidence=confidence)
    fifth = fifths(sigma8)[owner]
    terse_at_sigma8, mass_at_sigma8 = (rank_within(fifth, x, rng) for x in (terse, log_m500c))
    leaks = {name: found.leak for name, found in measured.items()}
    verdict, reason, leaking = judge(leaks, rho_mass.rho, level=level, **limits)
    found = measured[TERSE]
    return Audit(
        verdict=verdict,
        reason=reason,
        leaking=leaking,
        **asdict(leaks.pop(TERSE)),
        supplementary=leaks,
        share_of_sigma8=found.share_of_sigma8,
        share_of_terse=found.share_of_terse,
        partial_rho=found.partial_rho,
        partial_p_value=found.partial_p_value,
        mass_share_of_sigma8=found.mass_share_of_sigma8,
        rho_sigma8=rank_correlation(terse, sigma8[owner], owner, seed=seed, confidence=confidence),
        rho_mass=rho_mass,
        rho_mass_at_sigma8=rank_correlation(terse_at_sigma8, mass_at_sigma8, owner, seed=seed, confidence=confidence),
        **limits,
        **about,
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


def _check(properties: Mapping[str, FloatArray], log_m: FloatArray, sigma8: FloatArray, offset: IntArray) -> None:
    if len(offset) != len(sigma8) + 1 or len(log_m) != offset[-1] or offset[0] != 0:
        raise ValueError(
            f"audit: {len(log_m)} masses, {len(sigma8)} values of sigma8 and offsets {offset[0]} ... {offset[-1]} of "
            f"{len(offset) - 1} catalogs do not belong together"
        )
    if (np.diff(offset) < 1).any():
        raise ValueError(f"audit: catalog {int(np.argmin(np.diff(offset)))} has no clusters")
    for name, values in properties.items():
        if np.shape(values) != (len(log_m),):
            raise ValueError(
                f"audit: {name} has the shape {np.shape(values)}, expected one number per mass, ({len(log_m)},)"
            )
    for name, values in {**properties, "log_m500c": log_m, "sigma8": sigma8}.items():
        if not np.isfinite(values).all():
            raise ValueError(f"audit: {name} of row {int(np.argmin(np.isfinite(values)))} is not finite")
