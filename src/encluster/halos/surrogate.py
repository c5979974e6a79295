"""The surrogate simulation: clusters drawn from numbers that were measured on Magneticum (science of section 2.1).

It stands in where the simulation itself cannot be had: the mass function's masses, the measured power laws, their
mass-dependent, correlated and non-Gaussian scatter, and the shares of photons from the core.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from encluster.cosmology import Cosmology, mass_function
from encluster.halos.catalog import HaloCatalog
from encluster.halos.contract import MIN_CLUSTERS, Origin
from encluster.halos.records import EVOLUTION, Records, bring_to_survey
from encluster.halos.scaling import OUTLIER_DEX, PowerLaw
from encluster.randomness import generator
from encluster.types import BoolArray, FloatArray

NOTE = "surrogate simulation made from measured numbers, not Magneticum itself"
_LOG_M_MAX = 15.6  # log10 Msun/h: 1e-8 clusters in the box are heavier
_STEP = 0.001  # dex


@dataclass(frozen=True, kw_only=True)
class MeasuredNumbers:
    """What the surrogate is made of.

    All values were measured on the 3,292 clusters of Magneticum Box2/hr at z = 0.10-0.29 that Green et al. (2019)
    published, after fitting ln X = a + b ln(M / 10^14.4 Msun/h) + g ln[E(z) / E(0.0663)]; tests/science repeats it.

    Parameters
    ----------
    relations : power laws at `redshift`, of the clusters within 0.35 dex of the line
    redshift : the redshift of these normalizations
    lx_std, temperature_std : standard deviation of the residuals without the bright tail [dex]
    m_gas_std : log10 M500c [Msun/h] -> the same for M_gas; constant beyond the ends, linear between
    spearman : rank correlations of the residuals in lx, temperature, m_gas and f_core, without the tail
    tail_log_m, tail_share, tail_slope : share of clusters brighter than the line by more than 0.35 dex at this
        log10 M500c, and d log10(share) / d log10 M500c
    tail_mean, tail_max : mean and largest excess of L_X over these 0.35 dex, exponentially distributed [dex]
    tail_m_gas : shift of M_gas in the tail [dex]; the temperature has none
    tail_f_core : shift of logit(f_core) in the tail
    f_core_logit, f_core_slope : median logit(f_core) at 10^14 Msun/h, and its change per dex of mass
    f_core_std : log10 M500c [Msun/h] -> standard deviation of logit(f_core)
    log_y500 : log10 of the listed Y500c R500c^2 / (M_gas T), in physical kpc, Msun/h and keV. It is one constant: with
        the snapshots' redshifts, of which the list gives two decimals, the clusters' values are within 1e-5 dex. So
        Y500c is a mean of the sphere's Compton signal over R500c^2, with no scatter beyond that of M_gas and T
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
    # of the snapshot nearest to the survey, z = 0.10; 8 % smaller over all six
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


@dataclass(frozen=True, kw_only=True)
class SurrogateSettings:
    """The surrogate's free choices.

    Parameters
    ----------
    n_clusters : exactly so many are made (section 2.1)
    log_m_limit : all above this log10 M500c [Msun/h]
    redshift : of the snapshot that the surrogate stands for (decision D2)
    survey_redshift : what the observables are brought to
    mass_function : see `encluster.cosmology.mass_function`
    evolution : exponents of E(z), see `encluster.halos.records.bring_to_survey`
    source : name of the simulation in what is made from it
    """

    n_clusters: int = 1165
    log_m_limit: float = 13.58
    redshift: float = 0.0663
    survey_redshift: float = 0.07
    mass_function: str = "bocquet16"
    evolution: Mapping[str, float] = field(default_factory=lambda: dict(EVOLUTION))
    source: str = "surrogate"

    def __post_init__(self) -> None:
        if self.n_clusters < MIN_CLUSTERS:
            raise ValueError(f"halos.n_clusters = {self.n_clusters}; at least {MIN_CLUSTERS} are needed")
        if not 12 <= self.log_m_limit <= 15:
            raise ValueError(f"halos.log_m_limit = {self.log_m_limit} must lie in 12 ... 15 (log10 Msun/h)")


def make_surrogate(settings: SurrogateSettings, cosmology: Cosmology, seed: int) -> HaloCatalog:
    """Draw the surrogate simulation and bring it to the survey's redshift, as a reader's records are.

    Parameters
    ----------
    settings : how many clusters, from which mass and at which redshift
    cosmology : for the mass function, and E(z)
    seed : the configuration's

    Returns
    -------
    HaloCatalog : complete above the limit, in no order
    """
    numbers = MeasuredNumbers()
    rng = generator(seed, "surrogate")
    n = settings.n_clusters
    log_m = _masses(rng.random(n), settings, cosmology)
    normal = rng.standard_normal((n, 4)) @ np.linalg.cholesky(_gaussian_correlation(numbers)).T
    tail = rng.random(n) < tail_probability(log_m, numbers)
    excess = np.minimum(rng.exponential(numbers.tail_mean, n), numbers.tail_max)
    log_x = _observables(log_m, normal, tail, excess, numbers)
    growth = cosmology.e(settings.redshift) / cosmology.e(numbers.redshift)
    observed = {name: 10.0 ** log_x[name] * growth ** settings.evolution[name] for name in log_x}
    r500c_kpc = cosmology.r500c_kpc(10.0**log_m, settings.redshift)
    records = Records(
        origin=Origin(where="surrogate"),
        id=np.arange(1, n + 1),
        m500c=10.0**log_m,
        f_core=_core_shares(log_m, normal[:, 3], tail, numbers),
        y500=10.0**numbers.log_y500 * observed["m_gas"] * observed["temperature"] / r500c_kpc**2,
        redshift=np.full(n, settings.redshift),
        provenance=(
            NOTE,
            f"{n} masses from the mass function {settings.mass_function} at z = {settings.redshift:g}, seed {seed}",
        ),
        **observed,
    )
    return bring_to_survey(
        records,
        cosmology=cosmology,
        survey_redshift=settings.survey_redshift,
        evolution=settings.evolution,
        log_m_limit=settings.log_m_limit,
        thinned=False,
        source=settings.source,
    )


def tail_probability(log_m: FloatArray, numbers: MeasuredNumbers) -> FloatArray:
    """Chance of a cluster of log10 M500c [Msun/h] to belong to the bright tail; any shape."""
    return np.minimum(numbers.tail_share * 10.0 ** (numbers.tail_slope * (log_m - numbers.tail_log_m)), 0.15)


def _masses(uniform: FloatArray, settings: SurrogateSettings, cosmology: Cosmology) -> FloatArray:
    """Turn uniform deviates, (n,), into log10 M500c [Msun/h] above the limit by the mass function."""
    low = settings.log_m_limit
    grid = np.linspace(low, _LOG_M_MAX, round((_LOG_M_MAX - low) / _STEP) + 1)
    density = mass_function(cosmology, grid, settings.redshift, model=settings.mass_function)
    cumulative = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return np.interp(uniform, cumulative / cumulative[-1], grid)


def _gaussian_correlation(numbers: MeasuredNumbers) -> FloatArray:
    """Pearson's matrix of the Gaussian copula with these rank correlations, (4, 4)."""
    return 2 * np.sin(np.pi / 6 * np.array(numbers.spearman))


def _interpolated(log_m: FloatArray, nodes: tuple[tuple[float, float], ...]) -> FloatArray:
    x, y = np.array(nodes).T
    return np.interp(log_m, x, y)


def _observables(
    log_m: FloatArray, normal: FloatArray, tail: BoolArray, excess: FloatArray, numbers: MeasuredNumbers
) -> dict[str, FloatArray]:
    """Return log10 of each observable, (n,); `normal`, (n, 4), are correlated standard deviates."""
    lx, temperature, m_gas = normal[:, 0], normal[:, 1], normal[:, 2]
    # The bright tail is a core phenomenon: it comes with a larger core share, and with hardly more gas.
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
