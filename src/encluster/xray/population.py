"""Shapes of gas-density profiles: a population with the slopes of the REXCESS clusters (Croston et al. 2008).

`SLOPE_MEAN` and `SLOPE_STD` are d ln rho / d ln r of the 31 clusters. The library consists of main components of
Vikhlinin et al. (2006) with these moments, so that shapes differ both in the core and outside of it.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from encluster.types import FloatArray
from encluster.xray.density import EXTENT_R500, GasDensity
from encluster.xray.projection import shell_nodes, volumes_in_cylinders

SLOPE_RADII = np.array([0.1, 0.2, 0.3, 0.5, 0.7, 0.9])  # r / R500c
SLOPE_MEAN = np.array([-0.85, -1.16, -1.43, -1.81, -2.06, -2.21])
SLOPE_STD = np.array([0.33, 0.25, 0.24, 0.29, 0.31, 0.40])
CORE_RADIUS = 0.15  # r / R500c, projected
F_CORE_QUANTILES = (0.19, 0.32, 0.48)  # 16, 50 and 84 % of Magneticum's PHOX images
N_SHAPES = 1000
_N_NEAREST = 20
_CORRELATION = 1.0  # correlation length of slopes in ln r
# ln(rc/R500), ln(rs/R500), alpha, beta, epsilon: start values of the fit, their spread, and bounds
_START = np.array([np.log(0.12), np.log(0.9), 0.8, 0.6, 1.5])
_SPREAD = np.array([0.5, 0.5, 0.6, 0.12, 1.2])
_LOW = np.array([np.log(0.02), np.log(0.3), 0.0, 0.3, 0.0])
_HIGH = np.array([np.log(0.5), np.log(3.0), 2.5, 1.2, 5.0])


@dataclass(frozen=True, kw_only=True)
class ShapeLibrary:
    """Shapes of profiles, sorted by core fraction; radii in units of R500c.

    Parameters
    ----------
    parameters : FloatArray
        (n, 5) ln rc, ln rs, alpha, beta, epsilon.
    f_core : FloatArray
        (n,) share of the photons projected inside R500c that come from inside 0.15 R500c, for isothermal gas.
    """

    parameters: FloatArray
    f_core: FloatArray

    def shape(self, index: int) -> GasDensity:
        """Return shape number `index`, with radii in units of R500c and n0 = 1."""
        ln_rc, ln_rs, alpha, beta, epsilon = (float(value) for value in self.parameters[index])
        return GasDensity(n0=1.0, rc_kpc=np.exp(ln_rc), rs_kpc=np.exp(ln_rs), alpha=alpha, beta=beta, epsilon=epsilon)


def _slopes(parameters: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return slopes (n, 6) at `SLOPE_RADII` and their derivatives (n, 6, 5)."""
    ln_rc, ln_rs, alpha, beta, epsilon = parameters.T[..., None]
    core = 1 / (1 + (np.exp(ln_rc) / SLOPE_RADII) ** 2)
    tail = 1 / (1 + (np.exp(ln_rs) / SLOPE_RADII) ** 3)
    slopes = -0.5 * (alpha + (6 * beta - alpha) * core + epsilon * tail)
    by_rc = (alpha - 6 * beta) * 2 * core * (1 - core)
    by_rs = -epsilon * 3 * tail * (1 - tail)
    return slopes, -0.5 * np.stack([by_rc, by_rs, 1 - core, 6 * core, tail], axis=-1)


def _fit(target: FloatArray, start: FloatArray) -> FloatArray:
    """Return parameters (n, 5) whose slopes are near `target` (n, 6), to about 0.05: damped Gauss-Newton steps."""
    parameters = start.copy()
    for _ in range(25):
        slopes, derivative = _slopes(parameters)
        transposed = derivative.transpose(0, 2, 1) / 0.05**2
        hessian = transposed @ derivative + np.diag(_SPREAD**-2.0)
        gradient = (transposed @ (target - slopes)[..., None])[..., 0] + (start - parameters) / _SPREAD**2
        step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
        parameters = np.clip(parameters + 0.7 * step, _LOW, _HIGH)
    return parameters


def _core_fractions(parameters: FloatArray) -> FloatArray:
    edges = np.concatenate([[0.0], np.geomspace(1e-3, EXTENT_R500, 200)])
    inner, outer = volumes_in_cylinders(np.array([CORE_RADIUS, 1.0]), edges)
    r = shell_nodes(edges)
    ln_rc, ln_rs, alpha, beta, epsilon = parameters.T[..., None]
    x2 = (r / np.exp(ln_rc)) ** 2
    emissivity = (
        x2 ** (-alpha / 2) * (1 + x2) ** (alpha / 2 - 3 * beta) * (1 + (r / np.exp(ln_rs)) ** 3) ** (-epsilon / 3)
    )
    return np.asarray((emissivity @ inner) / (emissivity @ outer))


@cache
def shape_library() -> ShapeLibrary:
    """Return the library of shapes; the same on every machine (to rounding), made once in 0.3 s.

    Slopes are drawn from a normal distribution that is correlated in radius, and shapes are fitted to them. The bounds
    and the model reduce the spread; therefore mean and spread of the drawn slopes are adjusted until those of the
    shapes are correct.

    Returns
    -------
    ShapeLibrary
        The library.
    """
    rng = np.random.default_rng(20060000)
    lags = np.abs(np.log(SLOPE_RADII[:, None] / SLOPE_RADII))
    deviates = rng.standard_normal((N_SHAPES, 6)) @ np.linalg.cholesky(np.exp(-lags / _CORRELATION)).T
    deviates = (deviates - deviates.mean(axis=0)) / deviates.std(axis=0)
    start = np.clip(_START + _SPREAD * rng.standard_normal((N_SHAPES, 5)), _LOW, _HIGH)
    mean, std = SLOPE_MEAN.copy(), SLOPE_STD.copy()
    for _ in range(6):
        parameters = _fit(mean + std * deviates, start)
        slopes = _slopes(parameters)[0]
        mean += SLOPE_MEAN - slopes.mean(axis=0)
        std *= SLOPE_STD / slopes.std(axis=0)
    f_core = _core_fractions(parameters)
    order = np.argsort(f_core)
    return ShapeLibrary(parameters=parameters[order], f_core=f_core[order])


def draw_shape(f_core: float, rng: np.random.Generator) -> GasDensity:
    """Draw a shape at random from the 20 shapes with the nearest core fractions.

    Parameters
    ----------
    f_core : float
        Share of photons inside 0.15 R500c; if NaN, it is drawn from the distribution of Magneticum's images.
    rng : numpy.random.Generator
        Generator of the cluster.

    Returns
    -------
    GasDensity
        Shape with radii in units of R500c and n0 = 1; see `normalized`.
    """
    library = shape_library()
    if np.isnan(f_core):
        low, median, high = np.log(F_CORE_QUANTILES)
        deviate = rng.standard_normal()
        f_core = float(np.exp(median + deviate * (high - median if deviate > 0 else median - low)))
    nearest = np.argsort(np.abs(library.f_core - f_core), kind="stable")[:_N_NEAREST]
    return library.shape(int(rng.choice(nearest)))


def normalized(shape: GasDensity, *, m_gas: float, r500c_kpc: float, h: float) -> GasDensity:
    """Return the density with a given shape, size and gas mass.

    Parameters
    ----------
    shape : GasDensity
        Shape with radii in units of R500c.
    m_gas : float
        Gas mass within R500c [Msun/h].
    r500c_kpc : float
        R500c [kpc].
    h : float
        Hubble constant over 100 km/s/Mpc.

    Returns
    -------
    GasDensity
        The density.
    """
    sized = shape.stretched(r500c_kpc)
    return sized.scaled(m_gas / float(sized.gas_mass(np.array([0.0, r500c_kpc]), h=h)[0]))
