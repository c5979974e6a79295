"""Emissivity of hot gas in the observed 0.5-2 keV band, and the photons that an emission measure gives."""

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
    """Emissivities per n_e n_p, made by workflow/scripts/make_emission_table.py (its header tells the source).

    Parameters
    ----------
    redshift : of the gas, for which the band was shifted
    kt : (n,) temperature [keV], rising
    photons_hhe, photons_metals : (n,) photons [cm3/s] by H and He, and by metals of solar abundance
    energy_hhe, energy_metals : (n,) the same as energy [erg cm3/s]
    """

    redshift: float
    kt: FloatArray
    photons_hhe: FloatArray
    photons_metals: FloatArray
    energy_hhe: FloatArray
    energy_metals: FloatArray

    def photons(self, temperature: FloatArray | float, *, metallicity: float) -> FloatArray:
        """Photons [cm3/s] emitted in the band per n_e n_p; `temperature` [keV] of any shape, interpolated in logs."""
        return self._at(temperature, self.photons_hhe + metallicity * self.photons_metals)

    def energy(self, temperature: FloatArray | float, *, metallicity: float) -> FloatArray:
        """Energy [erg cm3/s] emitted in the band per n_e n_p; `temperature` [keV] of any shape."""
        return self._at(temperature, self.energy_hhe + metallicity * self.energy_metals)

    def _at(self, temperature: FloatArray | float, emissivity: FloatArray) -> FloatArray:
        temperature = np.asarray(temperature, dtype=float)
        low, high = self.kt[0], self.kt[-1]
        if not np.all((temperature >= low) & (temperature <= high)):
            raise ValueError(f"emission: temperature must lie in {low:.3g} ... {high:.3g} keV, got {temperature}")
        return np.asarray(np.exp(np.interp(np.log(temperature), np.log(self.kt), np.log(emissivity))))


@cache
def emission_table() -> EmissionTable:
    """Return the table that comes with the package."""
    lines = (files("encluster.xray") / "data" / "emission_0.5-2keV.csv").read_text(encoding="utf-8").splitlines()
    (redshift,) = (float(line.split("=")[1]) for line in lines if line.startswith("# redshift"))
    rows = [line for line in lines if not line.startswith("#")]
    columns = np.loadtxt(rows[1:], delimiter=",", unpack=True)
    return EmissionTable(redshift=redshift, **dict(zip(rows[0].split(","), columns, strict=True)))


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A telescope looking at gas of one metallicity at one redshift: turns emission measure into photons.

    Parameters
    ----------
    telescope : area, exposure, field and pixels
    cosmology : for distances
    redshift : of the clusters
    metallicity : in solar units
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
        """Photons per cm^-6 kpc^3 of integral n_e n_p dV, for gas of `temperature` [keV].

        N = EM Lambda A t / (4 pi D_A^2 (1+z)^3): a photon count loses one factor of (1+z) less than an energy.
        """
        rate = float(emission_table().photons(temperature, metallicity=self.metallicity)) * _CM_PER_KPC**3
        distance = self.cosmology.angular_diameter_distance_mpc(self.redshift) * _CM_PER_MPC
        sphere = 4 * np.pi * distance**2 * (1 + self.redshift) ** 3
        return rate * self.telescope.area_cm2 * self.telescope.exposure_s / sphere
