"""Emissivity of hot gas in the observed 0.5-2 keV band, and photons per emission measure."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from encluster.cosmology import Cosmology
from encluster.types import FloatArray
from encluster.xray.settings import Telescope

_CM_PER_MPC = 3.0856776e24
_CM_PER_KPC = 3.0856776e21


@dataclass(frozen=True, kw_only=True)
class EmissionTable:
    """Emissivities per n_e n_p, made by workflow/scripts/make_emission_table.py from the source in the table's header.

    Parameters
    ----------
    redshift : float
        Redshift of the gas, by which the band is shifted.
    kt : FloatArray
        (n,) ascending temperatures [keV].
    photons_hhe, photons_metals : FloatArray
        (n,) photons [cm^3/s] from H and He, and from metals of solar abundance.
    energy_hhe, energy_metals : FloatArray
        (n,) energy [erg cm^3/s] from H and He, and from metals of solar abundance.
    """

    redshift: float
    kt: FloatArray
    photons_hhe: FloatArray
    photons_metals: FloatArray
    energy_hhe: FloatArray
    energy_metals: FloatArray

    def photons(self, temperature: FloatArray | float, *, metallicity: float) -> FloatArray:
        """Return the photons emitted in the band per n_e n_p, interpolated in logarithms.

        Parameters
        ----------
        temperature : FloatArray or float
            Temperatures of any shape [keV].
        metallicity : float
            Metallicity of the gas [solar].

        Returns
        -------
        FloatArray
            Photons in the same shape [cm^3/s].

        Raises
        ------
        ValueError
            If a temperature is outside the table.
        """
        return self._at(temperature, self.photons_hhe + metallicity * self.photons_metals)

    def energy(self, temperature: FloatArray | float, *, metallicity: float) -> FloatArray:
        """Return the energy emitted in the band per n_e n_p, interpolated in logarithms.

        Parameters
        ----------
        temperature : FloatArray or float
            Temperatures of any shape [keV].
        metallicity : float
            Metallicity of the gas [solar].

        Returns
        -------
        FloatArray
            Energy in the same shape [erg cm^3/s].

        Raises
        ------
        ValueError
            If a temperature is outside the table.
        """
        return self._at(temperature, self.energy_hhe + metallicity * self.energy_metals)

    def _at(self, temperature: FloatArray | float, emissivity: FloatArray) -> FloatArray:
        temperature = np.asarray(temperature, dtype=float)
        low, high = self.kt[0], self.kt[-1]
        if not np.all((temperature >= low) & (temperature <= high)):
            raise ValueError(f"emission: temperature must lie in {low:.3g} ... {high:.3g} keV, got {temperature}")
        return np.asarray(np.exp(np.interp(np.log(temperature), np.log(self.kt), np.log(emissivity))))


@cache
def emission_table() -> EmissionTable:
    """Return the emission table of the package.

    Returns
    -------
    EmissionTable
        The table.
    """
    lines = (files("encluster.xray") / "data" / "emission_0.5-2keV.csv").read_text(encoding="utf-8").splitlines()
    (redshift,) = (float(line.split("=")[1]) for line in lines if line.startswith("# redshift"))
    rows = [line for line in lines if not line.startswith("#")]
    columns = np.loadtxt(rows[1:], delimiter=",", unpack=True)
    return EmissionTable(redshift=redshift, **dict(zip(rows[0].split(","), columns, strict=True)))


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Observation of gas with one metallicity at one redshift; it converts emission measure to photons.

    Parameters
    ----------
    telescope : Telescope
        Area, exposure, field and pixels.
    cosmology : Cosmology
        Source of distances.
    redshift : float, optional
        Redshift of the clusters.
    metallicity : float, optional
        Metallicity of the gas [solar].

    Raises
    ------
    ValueError
        If the redshift differs from that of the emission table.
    """

    telescope: Telescope
    cosmology: Cosmology
    redshift: float = 0.07
    metallicity: float = 0.3

    def __post_init__(self) -> None:
        made_for = emission_table().redshift
        if abs(self.redshift - made_for) > 0.01:
            raise ValueError(
                f"xray: redshift = {self.redshift} is not that of the emission table, {made_for}; make another table "
                "with workflow/scripts/make_emission_table.py"
            )

    @property
    def pixel_kpc(self) -> float:
        """Physical side of a pixel at the clusters' redshift [kpc]."""
        radian = np.deg2rad(self.telescope.pixel_arcsec / 3600)
        return float(1000 * radian * self.cosmology.angular_diameter_distance_mpc(self.redshift))

    def photons_per_emission_measure(self, temperature: float) -> float:
        """Return the expected photons per emission measure, the integral of n_e n_p dV.

        N = EM Lambda A t / (4 pi D_A^2 (1+z)^3): the power of (1+z) is smaller by one for photons than for energy.

        Parameters
        ----------
        temperature : float
            Temperature of the gas [keV].

        Returns
        -------
        float
            Photons per cm^-6 kpc^3.
        """
        rate = float(emission_table().photons(temperature, metallicity=self.metallicity)) * _CM_PER_KPC**3
        distance = self.cosmology.angular_diameter_distance_mpc(self.redshift) * _CM_PER_MPC
        sphere = 4 * np.pi * distance**2 * (1 + self.redshift) ** 3
        return rate * self.telescope.area_cm2 * self.telescope.exposure_s / sphere
