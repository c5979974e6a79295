"""The gas-density model of Vikhlinin et al. (2006), its slope, gas mass and projection (section 2.1.2).

n_p n_e = n0^2 (r/rc)^-alpha (1 + r^2/rc^2)^-(3 beta - alpha/2) (1 + (r/rs)^3)^-(epsilon/3)
          + n02^2 (1 + r^2/rc2^2)^-(3 beta2)          and          rho_gas = 1.624 m_p sqrt(n_p n_e)
"""

from dataclasses import dataclass, replace

import numpy as np

from encluster.types import FloatArray
from encluster.xray.projection import cumulative_sphere

EXTENT_R500 = 3.0  # radius at which the gas ends, a little outside the virial shock, in the mocks and in the fit
# 1.624 m_p in one kpc^3 at one per cm^3, in solar masses
MSUN_PER_CM3_KPC3 = 1.624 * 1.67262192e-24 * 3.0856776e21**3 / 1.98840987e33
N_SHELLS = 7
MAX_EPSILON = 5.0  # steeper than any observed gas (Vikhlinin et al. 2006)


def shell_radii(inner: float = 0.1) -> FloatArray:
    """Return the outer radii of the gas-mass shells, log-spaced (decision D10).

    Parameters
    ----------
    inner : float, optional
        Outer radius of the innermost shell [R500c].

    Returns
    -------
    FloatArray
        (7,) radii from `inner` to 1 [R500c].
    """
    return np.geomspace(inner, 1.0, N_SHELLS)


@dataclass(frozen=True, kw_only=True)
class GasDensity:
    """Gas density of one cluster (Vikhlinin et al. 2006); radii in kpc, densities in cm^-3.

    Parameters
    ----------
    n0, rc_kpc, rs_kpc, alpha, beta, epsilon : float
        Parameters of the main component.
    n02, rc2_kpc, beta2 : float, optional
        Parameters of the second core; n02 = 0 for none.

    Raises
    ------
    ValueError
        If a parameter is out of range.
    """

    n0: float
    rc_kpc: float
    rs_kpc: float
    alpha: float
    beta: float
    epsilon: float
    n02: float = 0.0
    rc2_kpc: float = 10.0
    beta2: float = 1.0

    def __post_init__(self) -> None:
        for name in ("n0", "rc_kpc", "rs_kpc", "beta", "rc2_kpc", "beta2"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value > 0):
                raise ValueError(f"gas density: {name} = {value} must be positive")
        for name, high in (("alpha", 3.0), ("epsilon", MAX_EPSILON), ("n02", np.inf)):
            value = getattr(self, name)
            if not 0 <= value <= high:
                raise ValueError(f"gas density: {name} = {value} must lie in 0 ... {high}")

    def _components(self, r_kpc: FloatArray) -> tuple[FloatArray, FloatArray]:
        x2 = (r_kpc / self.rc_kpc) ** 2
        main = (
            self.n0**2
            * x2 ** (-self.alpha / 2)
            * (1 + x2) ** (self.alpha / 2 - 3 * self.beta)
            * (1 + (r_kpc / self.rs_kpc) ** 3) ** (-self.epsilon / 3)
        )
        second = self.n02**2 * (1 + (r_kpc / self.rc2_kpc) ** 2) ** (-3 * self.beta2)
        return main, second

    def emissivity(self, r_kpc: FloatArray) -> FloatArray:
        """Return the emissivity n_p n_e.

        Parameters
        ----------
        r_kpc : FloatArray
            Radii of any shape [kpc].

        Returns
        -------
        FloatArray
            Emissivity in the same shape [cm^-6].
        """
        main, second = self._components(np.asarray(r_kpc, dtype=float))
        return np.asarray(main + second)

    def slope(self, r_kpc: FloatArray) -> FloatArray:
        """Return the slope gamma = d ln rho_gas / d ln r, analytically.

        Parameters
        ----------
        r_kpc : FloatArray
            Radii of any shape [kpc].

        Returns
        -------
        FloatArray
            Slopes in the same shape.
        """
        r_kpc = np.asarray(r_kpc, dtype=float)
        main, second = self._components(r_kpc)
        core, tail = 1 / (1 + (self.rc_kpc / r_kpc) ** 2), 1 / (1 + (self.rs_kpc / r_kpc) ** 3)
        main_slope = -self.alpha - (6 * self.beta - self.alpha) * core - self.epsilon * tail
        second_slope = -6 * self.beta2 / (1 + (self.rc2_kpc / r_kpc) ** 2)
        return np.asarray(0.5 * (main * main_slope + second * second_slope) / (main + second))

    def gas_mass(self, edges_kpc: FloatArray, *, h: float) -> FloatArray:
        """Return the gas mass between consecutive radii.

        Parameters
        ----------
        edges_kpc : FloatArray
            (n + 1,) ascending radii [kpc]; the first may be 0.
        h : float
            Hubble constant over 100 km/s/Mpc.

        Returns
        -------
        FloatArray
            (n,) gas mass [Msun/h].
        """
        return np.diff(self._enclosed(np.asarray(edges_kpc, dtype=float), power=0.5)) * MSUN_PER_CM3_KPC3 * h

    def emission_measure(self, edges_kpc: FloatArray) -> FloatArray:
        """Return the integral of n_p n_e dV between consecutive radii.

        Parameters
        ----------
        edges_kpc : FloatArray
            (n + 1,) ascending radii [kpc]; the first may be 0.

        Returns
        -------
        FloatArray
            (n,) emission measure [cm^-6 kpc^3].
        """
        return np.diff(self._enclosed(np.asarray(edges_kpc, dtype=float), power=1.0))

    def _enclosed(self, radii_kpc: FloatArray, *, power: float) -> FloatArray:
        """Return the integral of (n_p n_e)^power over spheres by Simpson's rule in ln r, from a negligible radius."""
        top = float(radii_kpc.max())
        grid, cumulative = cumulative_sphere(lambda r: self.emissivity(r) ** power, top_kpc=top)
        inside = np.log(np.maximum(radii_kpc, grid[0]))
        return np.where(radii_kpc > 0, np.exp(np.interp(inside, np.log(grid), np.log(cumulative))), 0.0)

    def brightness(self, radii_kpc: FloatArray, *, extent_kpc: float) -> FloatArray:
        """Return the projected n_p n_e.

        With r = R cosh t the integrand is smooth; 64 Gauss-Legendre nodes have a relative error of 1e-6.

        Parameters
        ----------
        radii_kpc : FloatArray
            Projected radii > 0 of any shape [kpc].
        extent_kpc : float
            Radius at which the gas ends [kpc].

        Returns
        -------
        FloatArray
            Projected n_p n_e in the same shape [cm^-6 kpc].
        """
        radii = np.asarray(radii_kpc, dtype=float)[..., None]
        nodes, weights = np.polynomial.legendre.leggauss(64)
        t_max = np.arccosh(np.maximum(extent_kpc / radii, 1.0))
        t = 0.5 * t_max * (nodes + 1)
        r = radii * np.cosh(t)
        return np.asarray(np.sum(self.emissivity(r) * r * weights, axis=-1) * t_max[..., 0])

    def scaled(self, factor: float) -> "GasDensity":
        """Return the same shape with all densities multiplied by `factor`."""
        return replace(self, n0=self.n0 * factor, n02=self.n02 * factor)

    def stretched(self, factor: float) -> "GasDensity":
        """Return the same densities at radii multiplied by `factor`."""
        return replace(self, rc_kpc=self.rc_kpc * factor, rs_kpc=self.rs_kpc * factor, rc2_kpc=self.rc2_kpc * factor)
