"""Verdict of an audit: limits of its effects, what it measured, and one line of text (Appendix B)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from encluster.interpretation.leaks import Leak
from encluster.interpretation.terse import RankCorrelation

# The mass of a cluster shares 1.8 % of its variance with sigma8. A terse value above the limit therefore has more
# information on sigma8 at fixed mass than the mass itself. Biased proxies without leak (T, M_gas, Y_X) stay below 1.5 %
# by chance in 99 of 100 sets of 497 catalogs, trained networks below 0.2 %. If each of 119 clusters leaked 2 % with
# independent errors, their mean alone would give sigma8 to 0.036; the full catalogs give it to 0.02.
MAX_LEAK = 0.02
# A network measures sigma8 to 0.02 where a guess from the range of the grid errs by 0.066. The inverse of the variance
# of sigma8 is the information. A regression with r_squared has r_squared / (1 - r_squared) / 0.066^2 more than the
# guess. At 1 % of the network's information, 0.01 / 0.02^2, r_squared is 0.10.
MAX_R_SQUARED = 0.10
# Below this limit, mass explains less than a quarter of the variance of the terse ranks.
MIN_MASS_CORRELATION = 0.5
MIN_CATALOGS, MIN_CLUSTERS = 20, 200

PASS, FAIL, UNDECIDED = "PASS", "FAIL", "UNDECIDED"
NO_LEAK = "no leak found, and the terse value follows mass"
OVERSPECIALIZED, NO_MASS = "overspecialized", "the terse value does not follow mass"
BELOW_LIMIT, TOO_FEW = "significant leak below its limit", "too few catalogs"

TERSE = "terse value"


@dataclass(frozen=True, kw_only=True)
class Audit(Leak):
    """Verdict and measured numbers of an audit; those that it has from `Leak` belong to the terse value.

    Parameters
    ----------
    verdict : str
        "PASS", "FAIL" or "UNDECIDED".
    reason : str
        The reason of the verdict. PASS: no leak was found. FAIL: "overspecialized" if a leak is significant and above
        its limit, else "the terse value does not follow mass". UNDECIDED: "significant leak below its limit", or "too
        few catalogs" to separate a leak at the limit from chance. With fewer than 20 catalogs or 200 clusters nothing
        is measured, and the numbers are NaN.
    leaking : tuple of str
        What has a significant leak, of the terse value and the supplementary inputs; if one is above its limit, only
        those above.
    supplementary : Mapping[str, Leak]
        The leak of each supplementary input.
    share_of_sigma8 : float
        Share of the variance of sigma8 that one terse value explains at fixed mass; `leak` is the larger of the two.
    share_of_terse : float
        Share of the variance of the terse rank at fixed mass that sigma8 explains.
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
    max_leak, max_r_squared, min_mass_correlation : float
        Limits of the three effects.
    confidence : float
        Confidence of the verdict.
    n_tests : int
        Number of tests: two for the terse value and each supplementary input.
    n_permutations : int
        Number of permutations.
    n_catalogs, n_clusters : int
        Number of audited catalogs and clusters.
    """

    verdict: str
    reason: str
    leaking: tuple[str, ...]
    supplementary: Mapping[str, Leak]
    share_of_sigma8: float
    share_of_terse: float
    partial_rho: float
    partial_p_value: float
    mass_share_of_sigma8: float
    rho_sigma8: RankCorrelation
    rho_mass: RankCorrelation
    rho_mass_at_sigma8: RankCorrelation
    max_leak: float
    max_r_squared: float
    min_mass_correlation: float
    confidence: float
    n_tests: int
    n_permutations: int
    n_catalogs: int
    n_clusters: int

    @property
    def sentence(self) -> str:
        """The verdict, its reason and its numbers in one line."""
        words = f"{self.verdict}: {self.reason}"
        if np.isnan(self.leak):
            return (
                f"{words}: {self.n_catalogs} catalogs with {self.n_clusters} clusters in all cannot tell a leak from "
                f"chance; the audit needs {MIN_CATALOGS} catalogs and {MIN_CLUSTERS} clusters"
            )
        if self.leaking:
            words += f" ({', '.join(self.leaking)})"
        parts = [
            f"at equal mass a cluster's terse value and sigma8 share {_percent(self.leak)} of their variance "
            f"(limit {self.max_leak:.2%}, p = {self.p_value:.2g}, partial rank correlation {self.partial_rho:+.3f})",
            f"the terse values of a catalog predict {_percent(self.r_squared)} of the variance of sigma8 "
            f"(limit {self.max_r_squared:.2%}, p = {self.r_squared_p_value:.2g})",
        ]
        parts += [
            f"{name} {_percent(leak.leak)} and {_percent(leak.r_squared)} "
            f"(p = {leak.p_value:.2g}, {leak.r_squared_p_value:.2g})"
            for name, leak in self.supplementary.items()
        ]
        if self.reason == TOO_FEW:
            leaks = (self, *self.supplementary.values())
            leak, r_squared = (max(getattr(x, name) for x in leaks) for name in ("detectable", "r_squared_detectable"))
            parts.append(f"chance alone reaches {leak:.2%} and {r_squared:.2%}")
        parts += [
            f"rank correlation with mass {self.rho_mass.rho:+.3f} (limit {self.min_mass_correlation:g})",
            f"{self.n_clusters} clusters of {self.n_catalogs} catalogs, confidence {self.confidence:.4g}",
        ]
        return "; ".join([words, *parts])


def judge(
    leaks: Mapping[str, Leak],
    rho_mass: float,
    *,
    level: float,
    max_leak: float,
    max_r_squared: float,
    min_mass_correlation: float,
) -> tuple[str, str, tuple[str, ...]]:
    """Return verdict, reason and what leaks, as in `Audit`.

    Parameters
    ----------
    leaks : Mapping[str, Leak]
        Leaks of the terse value and of each supplementary input.
    rho_mass : float
        Rank correlation of terse value and mass.
    level : float
        Probability of a false alarm of one test.
    max_leak, max_r_squared, min_mass_correlation : float
        Limits of the effects.

    Returns
    -------
    tuple[str, str, tuple[str, ...]]
        Verdict, reason, leaking.
    """
    significant, above = [], []
    for name, found in leaks.items():
        in_cluster, in_catalog = found.p_value <= level, found.r_squared_p_value <= level
        if in_cluster or in_catalog:
            significant.append(name)
        if (in_cluster and found.leak > max_leak) or (in_catalog and found.r_squared > max_r_squared):
            above.append(name)
    if above:
        return FAIL, OVERSPECIALIZED, tuple(above)
    if abs(rho_mass) < min_mass_correlation:
        return FAIL, NO_MASS, tuple(significant)
    if significant:
        return UNDECIDED, BELOW_LIMIT, tuple(significant)
    if any(found.detectable > max_leak or found.r_squared_detectable > max_r_squared for found in leaks.values()):
        return UNDECIDED, TOO_FEW, ()
    return PASS, NO_LEAK, ()


def _percent(share: float) -> str:
    """Return a share that is corrected for its mean by chance, and may be slightly negative."""
    return f"{max(share, 0):.2%}"
