"""The background and the halo mass function (sections 2.1 and 2.2.1); the only module that uses COLOSSUS.

COLOSSUS is imported when a mass function is needed, because many steps need only distances.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Self, get_args

import numpy as np
from pydantic import Field, model_validator

from encluster.settings import Real, Settings, wrong
from encluster.types import FloatArray

OVERDENSITY = 500  # masses are M500c throughout (footnote 2)
_G = 4.300917270e-6  # kpc (km/s)^2 / Msun
_SPEED_OF_LIGHT = 299792.458  # km/s
MassFunction = Literal["bocquet16", "tinker08"]
MODELS = get_args(MassFunction)


class Cosmology(Settings):
    """A flat Lambda-CDM cosmology without relativistic species (decision D1).

    Raises
    ------
    SettingsError
        If a parameter is out of range, or the baryons exceed the matter.
    """

    h0: Real = Field(70.4, ge=30, le=120, description="Hubble constant [km/s/Mpc]")
    om0: Real = Field(0.272, ge=0.05, le=1, description="matter density over the critical density")
    ob0: Real = Field(0.0456, ge=0.001, le=0.2, description="baryon density over the critical density")
    ns: Real = Field(0.963, ge=0.5, le=1.5, description="slope of the primordial power spectrum")
    sigma8: Real = Field(0.809, ge=0.3, le=2, description="amplitude of matter fluctuations in spheres of 8 Mpc/h")

    @model_validator(mode="after")
    def _baryons_are_matter(self) -> Self:
        if self.ob0 >= self.om0:
            raise wrong("ob0", self.ob0, f"must be below om0, {self.om0}; baryons are part of matter")
        return self

    @property
    def h(self) -> float:
        """Hubble constant over 100 km/s/Mpc."""
        return self.h0 / 100

    def with_sigma8(self, sigma8: float) -> "Cosmology":
        """Return the same background with another amplitude of fluctuations, `sigma8`."""
        return self.changed({"sigma8": sigma8})

    def e(self, z: FloatArray | float) -> FloatArray:
        """Return E(z) = H(z) / H0.

        Parameters
        ----------
        z : FloatArray or float
            Redshifts of any shape.

        Returns
        -------
        FloatArray
            Values of E(z), in the same shape.
        """
        return np.asarray(np.sqrt(self.om0 * (1 + np.asarray(z)) ** 3 + 1 - self.om0))

    def critical_density(self, z: FloatArray | float) -> FloatArray:
        """Return the critical density.

        Parameters
        ----------
        z : FloatArray or float
            Redshifts of any shape.

        Returns
        -------
        FloatArray
            Densities in the same shape [Msun / kpc^3].
        """
        hubble = self.h0 / 1000 * self.e(z)  # km/s/kpc
        return np.asarray(3 * hubble**2 / (8 * np.pi * _G))

    def r500c_kpc(self, m500c: FloatArray, z: FloatArray | float) -> FloatArray:
        """Return the radius of spheres with 500 times the critical density.

        Parameters
        ----------
        m500c : FloatArray
            Masses of any shape [Msun/h].
        z : FloatArray or float
            Redshifts, of the same shape or a single one.

        Returns
        -------
        FloatArray
            Radii in the same shape [physical kpc].
        """
        volume = np.asarray(m500c) / self.h / (OVERDENSITY * self.critical_density(z))
        return np.asarray(np.cbrt(3 * volume / (4 * np.pi)))

    def angular_diameter_distance_mpc(self, z: float) -> float:
        """Return the angular-diameter distance, with a relative error of 1e-6 below z = 1.

        Parameters
        ----------
        z : float
            Redshift.

        Returns
        -------
        float
            Distance [Mpc].
        """
        nodes, weights = np.polynomial.legendre.leggauss(16)
        comoving = 0.5 * z * np.sum(weights / self.e(0.5 * z * (nodes + 1)))
        return float(_SPEED_OF_LIGHT / self.h0 * comoving / (1 + z))


@contextmanager
def _colossus(cosmology: Cosmology) -> Iterator[None]:
    """Set COLOSSUS's current cosmology, without its cache in the home folder; restore the previous one at the end."""
    from colossus.cosmology import cosmology as colossus_cosmology

    before = colossus_cosmology.current_cosmo
    parameters = dict(
        flat=True, H0=cosmology.h0, Om0=cosmology.om0, Ob0=cosmology.ob0, ns=cosmology.ns, sigma8=cosmology.sigma8
    )
    colossus_cosmology.setCosmology("encluster", parameters | dict(relspecies=False), persistence="")
    try:
        yield
    finally:
        colossus_cosmology.current_cosmo = before


def mass_function(cosmology: Cosmology, log_m: FloatArray, z: float, *, model: str = "bocquet16") -> FloatArray:
    """Return the halo mass function dn / dlog10 M500c (section 2.2.1; decision D16).

    Parameters
    ----------
    cosmology : Cosmology
        Background and sigma8.
    log_m : FloatArray
        (n,) log10 M500c [Msun/h].
    z : float
        Redshift.
    model : str, optional
        Either ``bocquet16`` (its hydrodynamical fit, calibrated on Magneticum) or ``tinker08``.

    Returns
    -------
    FloatArray
        (n,) comoving number density per dex [(Mpc/h)^-3].

    Raises
    ------
    ValueError
        If the model is unknown.
    """
    if model not in MODELS:
        raise ValueError(f"mass function {model!r} is not known; choose one of {', '.join(MODELS)}")
    from colossus.lss import mass_function as colossus_mass_function

    options = {"hydro": True} if model == "bocquet16" else {}
    with _colossus(cosmology):
        per_ln = colossus_mass_function.massFunction(
            10.0 ** np.asarray(log_m), z, q_in="M", q_out="dndlnM", mdef=f"{OVERDENSITY}c", model=model, **options
        )
    return np.asarray(per_ln) * np.log(10)
