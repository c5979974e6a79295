"""The surrogate simulation: clusters drawn from numbers that were measured on Magneticum (section 2.1).

It replaces the simulation if its list is not available. It has masses from the mass function, the measured power laws,
their mass-dependent, correlated and non-Gaussian scatter, and the shares of photons from the core.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from encluster.cosmology import Cosmology
from encluster.cosmology import mass_function as mass_function_of
from encluster.halos.catalog import HaloCatalog
from encluster.halos.contract import Origin
from encluster.halos.records import Records, bring_to_survey
from encluster.halos.scaling import OUTLIER_DEX, PowerLaw
from encluster.halos.settings import HaloSettings
from encluster.randomness import generator
from encluster.types import BoolArray, FloatArray

NOTE = "surrogate simulation made from measured numbers, not Magneticum itself"
_LOG_M_MAX = 15.6  # log10 Msun/h; 1e-8 clusters in the box are more massive
_STEP = 0.001  # dex


@dataclass(frozen=True, kw_only=True)
class MeasuredNumbers:
    """Measured numbers of the surrogate simulation.

    All values were measured on the 3,292 clusters of Magneticum Box2/hr at z = 0.10-0.29 that Green et al. (2019)
    published, after a fit of ln X = a + b ln(M / 10^14.4 Msun/h) + g ln[E(z) / E(0.0663)]; tests/science repeats it.

    Parameters
    ----------
    relations : Mapping[str, PowerLaw], optional
        Power laws at `redshift`, of the clusters within 0.35 dex of the line.
    redshift : float, optional
        Redshift of these normalizations.
    lx_std, temperature_std : float, optional
        Standard deviation of the residuals without the bright tail [dex].
    m_gas_std : tuple, optional
        Pairs of log10 M500c [Msun/h] and standard deviation for M_gas [dex]; linear between, constant outside.
    spearman : tuple, optional
        (4, 4) rank correlations of the residuals in lx, temperature, m_gas and f_core, without the tail.
    tail_log_m, tail_share, tail_slope : float, optional
        At the mass `tail_log_m`, log10 M500c [Msun/h], a share `tail_share` of the clusters is brighter than the line
        by more than 0.35 dex; `tail_slope` is d log10(share) / d log10 M500c.
    tail_mean, tail_max : float, optional
        Mean and largest excess of L_X over these 0.35 dex, exponentially distributed [dex].
    tail_m_gas : float, optional
        Shift of M_gas in the tail [dex]; the temperature has none.
    tail_f_core : float, optional
        Shift of logit(f_core) in the tail.
    f_core_logit, f_core_slope : float, optional
        Median logit(f_core) at 10^14 Msun/h, and its change per dex of mass.
    f_core_std : tuple, optional
        Pairs of log10 M500c [Msun/h] and standard deviation of logit(f_core).
    log_y500 : float, optional
        Constant log10 of the listed Y500c R500c^2 / (M_gas T), in physical kpc, Msun/h and keV. With redshifts of the
        snapshots, which the list rounds to two decimals, all clusters agree within 1e-5 dex. The listed Y500c is thus
        the sphere's Compton signal over R500c^2, without scatter beyond that of M_gas and T.
    """

    relations: Mapping[str, PowerLaw] = field(
        default_factory=lambda: {
            "lx": PowerLaw(slope=1.730, log_x0=0.253),
            "temperature": PowerLaw(slope=0.630, log_x0=0.590),
            "m_gas": PowerLaw(slope=1.194, log_x0=13.396),
        }
    )
    redshift: float = 0.0663
    lx_std: float = 0.1125
    temperature_std: float = 0.0322
    # snapshot nearest to the survey, z = 0.10; 8 % smaller over all six snapshots
    m_gas_std: tuple[tuple[float, float], ...] = ((13.64, 0.062), (13.94, 0.045), (14.23, 0.041), (14.51, 0.030))
    spearman: tuple[tuple[float, ...], ...] = (
        (1.0, -0.380, 0.845, 0.198),
        (-0.380, 1.0, -0.477, -0.040),
        (0.845, -0.477, 1.0, -0.045),
        (0.198, -0.040, -0.045, 1.0),
    )
    tail_log_m: float = 13.95
    tail_share: float = 0.0316
    tail_slope: float = 0.85
    tail_mean: float = 0.46
    tail_max: float = 1.89
    tail_m_gas: float = 0.020
    tail_f_core: float = 0.55
    f_core_logit: float = -0.78
    f_core_slope: float = 0.19
    f_core_std: tuple[tuple[float, float], ...] = ((13.64, 0.67), (13.94, 0.57), (14.23, 0.48), (14.56, 0.40))
    log_y500: float = -6.6057


def make_surrogate(
    halos: HaloSettings, *, cosmology: Cosmology, survey_redshift: float, mass_function: str, seed: int
) -> HaloCatalog:
    """Draw the surrogate simulation and scale it to the survey's redshift, in the same way as the records of a list.

    Parameters
    ----------
    halos : HaloSettings
        Number of clusters, mass limit and redshift.
    cosmology : Cosmology
        Cosmology of the mass function and of E(z).
    survey_redshift : float
        Redshift to which observables are scaled (decision D2).
    mass_function : str
        A model of `encluster.cosmology.mass_function` (decision D16).
    seed : int
        Seed of the configuration.

    Returns
    -------
    HaloCatalog
        Clusters in random order, complete above the limit.
    """
    numbers = MeasuredNumbers()
    rng = generator(seed, "surrogate")
    n = halos.n_clusters
    log_m = _masses(rng.random(n), halos, cosmology, mass_function)
    normal = rng.standard_normal((n, 4)) @ np.linalg.cholesky(_gaussian_correlation(numbers)).T
    tail = rng.random(n) < tail_probability(log_m, numbers)
    excess = np.minimum(rng.exponential(numbers.tail_mean, n), numbers.tail_max)
    log_x = _observables(log_m, normal, tail, excess, numbers)
    growth = cosmology.e(halos.redshift) / cosmology.e(numbers.redshift)
    observed = {name: 10.0 ** log_x[name] * growth ** getattr(halos.evolution, name) for name in log_x}
    r500c_kpc = cosmology.r500c_kpc(10.0**log_m, halos.redshift)
    records = Records(
        origin=Origin(where="surrogate"),
        id=np.arange(1, n + 1),
        m500c=10.0**log_m,
        f_core=_core_shares(log_m, normal[:, 3], tail, numbers),
        y500=10.0**numbers.log_y500 * observed["m_gas"] * observed["temperature"] / r500c_kpc**2,
        redshift=np.full(n, halos.redshift),
        provenance=(
            NOTE,
            f"{n} masses from the mass function {mass_function} at z = {halos.redshift:g}, seed {seed}",
        ),
        **observed,
    )
    return bring_to_survey(
        records,
        cosmology=cosmology,
        survey_redshift=survey_redshift,
        evolution=halos.evolution,
        log_m_limit=halos.log_m_limit,
        thinned=False,
        source=halos.name,
    )


def tail_probability(log_m: FloatArray, numbers: MeasuredNumbers) -> FloatArray:
    """Return the probability of a cluster to belong to the bright tail.

    Parameters
    ----------
    log_m : FloatArray
        Masses log10 M500c [Msun/h] of any shape.
    numbers : MeasuredNumbers
        The measured numbers.

    Returns
    -------
    FloatArray
        Probabilities, in the same shape.
    """
    return np.minimum(numbers.tail_share * 10.0 ** (numbers.tail_slope * (log_m - numbers.tail_log_m)), 0.15)


def _masses(uniform: FloatArray, halos: HaloSettings, cosmology: Cosmology, model: str) -> FloatArray:
    """Convert uniform random numbers, (n,), into log10 M500c [Msun/h] above the limit by the mass function."""
    low = halos.log_m_limit
    grid = np.linspace(low, _LOG_M_MAX, round((_LOG_M_MAX - low) / _STEP) + 1)
    density = mass_function_of(cosmology, grid, halos.redshift, model=model)
    cumulative = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return np.interp(uniform, cumulative / cumulative[-1], grid)


def _gaussian_correlation(numbers: MeasuredNumbers) -> FloatArray:
    """Return Pearson's matrix of the Gaussian copula with these rank correlations, (4, 4)."""
    return 2 * np.sin(np.pi / 6 * np.array(numbers.spearman))


def _interpolated(log_m: FloatArray, nodes: tuple[tuple[float, float], ...]) -> FloatArray:
    x, y = np.array(nodes).T
    return np.interp(log_m, x, y)


def _observables(
    log_m: FloatArray, normal: FloatArray, tail: BoolArray, excess: FloatArray, numbers: MeasuredNumbers
) -> dict[str, FloatArray]:
    """Return log10 of each observable, (n,), from correlated standard normal numbers, (n, 4)."""
    lx, temperature, m_gas = normal[:, 0], normal[:, 1], normal[:, 2]
    # Clusters of the bright tail have a bright core: a larger share of photons comes from it, with hardly more gas.
    scatter = {
        "lx": np.where(tail, OUTLIER_DEX + excess, numbers.lx_std * lx),
        "temperature": numbers.temperature_std * temperature,
        "m_gas": _interpolated(log_m, numbers.m_gas_std) * m_gas + numbers.tail_m_gas * tail,
    }
    return {name: numbers.relations[name].log_x(log_m) + scatter[name] for name in scatter}


def _core_shares(log_m: FloatArray, normal: FloatArray, tail: BoolArray, numbers: MeasuredNumbers) -> FloatArray:
    """Return the share of photons from the core, (n,): a logit-normal distribution."""
    median = numbers.f_core_logit + numbers.f_core_slope * (log_m - 14) + numbers.tail_f_core * tail
    return special.expit(median + _interpolated(log_m, numbers.f_core_std) * normal)
