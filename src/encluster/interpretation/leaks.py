"""Tests of one property of clusters for information on sigma8 beyond that of the true mass (Appendix B).

The property is the terse value of a network, or one of its supplementary inputs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from encluster.catalogs import owners
from encluster.interpretation.catalog_regression import CatalogRegression, summaries
from encluster.interpretation.variance_shares import VarianceShares
from encluster.types import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True)
class Leak:
    """Two measures of how much a property of clusters tells about sigma8 at fixed mass.

    Parameters
    ----------
    leak : float
        Share of variance that sigma8 and the property of one cluster have in common.
    p_value : float
        Probability of such a share or a larger one by chance.
    detectable : float
        Share that chance exceeds with the probability of a false alarm of one test.
    r_squared : float
        Share of the variance of sigma8 that a regression on the values of a whole catalog predicts.
    r_squared_p_value, r_squared_detectable : float
        The same for `r_squared`.
    """

    leak: float
    p_value: float
    detectable: float
    r_squared: float
    r_squared_p_value: float
    r_squared_detectable: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Measures of a property, and their distribution by chance.

    Parameters
    ----------
    leak : Leak
        Measures and p-values.
    share_of_sigma8, share_of_terse, partial_rho, partial_p_value, mass_share_of_sigma8 : float
        As in `encluster.interpretation.overspecialization.Audit`.
    """

    leak: Leak
    share_of_sigma8: float
    share_of_terse: float
    partial_rho: float
    partial_p_value: float
    mass_share_of_sigma8: float


def measure(
    values: FloatArray,
    log_m: FloatArray,
    sigma8: FloatArray,
    offset: IntArray,
    orders: Iterable[IntArray],
    *,
    level: float,
    rng: np.random.Generator,
) -> Measured:
    """Return both measures of a property, and compare them with permutations of sigma8 between catalogs.

    Parameters
    ----------
    values : FloatArray
        (n_clusters,) the property.
    log_m : FloatArray
        (n_clusters,) log10 of the true M500c [Msun/h].
    sigma8 : FloatArray
        (n_catalogs,) sigma8.
    offset : IntArray
        (n_catalogs + 1,) catalog c has clusters offset[c]:offset[c + 1].
    orders : iterable of IntArray
        Blocks of permutations, each (n_orders, n_catalogs).
    level : float
        Probability of a false alarm of one test.
    rng : numpy.random.Generator
        Source of the random order of equal values.

    Returns
    -------
    Measured
        Each measure less its mean by chance, so that it scatters about zero without a leak.
    """
    owner = owners(offset)
    shares = VarianceShares(values, log_m, sigma8, owner, rng)
    regression = CatalogRegression(summaries(values, log_m, owner, rng))

    def of(order: IntArray) -> FloatArray:
        return np.concatenate([shares.of(order), regression.r_squared(sigma8[order])[:, None]], axis=1)

    found = of(np.arange(len(sigma8))[None])[0]
    null = np.concatenate([of(order) for order in orders])
    partial_rho, partial_null = found[3], np.abs(null[:, 3])
    chance = null.mean(axis=0)
    found, null = ((x - chance) / (1 - chance) for x in (found, null))
    leak, leak_null = found[:2].max(), null[:, :2].max(axis=1)
    return Measured(
        leak=Leak(
            leak=float(leak),
            p_value=_p_value(leak_null, leak),
            detectable=float(np.quantile(leak_null, 1 - level)),
            r_squared=float(found[4]),
            r_squared_p_value=_p_value(null[:, 4], found[4]),
            r_squared_detectable=float(np.quantile(null[:, 4], 1 - level)),
        ),
        share_of_sigma8=float(found[0]),
        share_of_terse=float(found[1]),
        partial_rho=float(partial_rho),
        partial_p_value=_p_value(partial_null, abs(partial_rho)),
        mass_share_of_sigma8=float(found[2]),
    )


def _p_value(null: FloatArray, found: float) -> float:
    return float((1 + (null >= found).sum()) / (1 + len(null)))
