"""Emissivity table and the photons of an emission measure."""

import numpy as np
import pytest

from encluster.cosmology import Cosmology
from encluster.xray.emission import Observation, emission_table
from encluster.xray.settings import Telescope


def test_table_is_sound() -> None:
    table = emission_table()
    assert table.redshift == 0.07
    assert np.all(np.diff(table.kt) > 0)
    assert table.kt[0] < 0.2
    assert table.kt[-1] > 20
    for name in ("photons_hhe", "photons_metals", "energy_hhe", "energy_metals"):
        assert np.all(getattr(table, name) > 0)
    mean_energy = table.energy_hhe / table.photons_hhe / 1.602e-9
    assert np.all((mean_energy > 0.535) & (mean_energy < 2.14))


def test_metallicity_scales_the_metals_alone() -> None:
    table = emission_table()
    none, some, solar = (table.photons(1.5, metallicity=z) for z in (0.0, 0.25, 1.0))
    assert some - none == pytest.approx(0.25 * (solar - none))
    assert table.photons(table.kt[5], metallicity=0.0) == pytest.approx(table.photons_hhe[5])


def test_the_band_is_flat_above_2_kev_and_bright_in_iron_lines_below() -> None:
    table = emission_table()
    hot = table.photons(np.geomspace(2, 12, 9), metallicity=0.3)
    assert hot.max() / hot.min() < 1.3
    assert table.photons(0.7, metallicity=0.3) > 1.5 * table.photons(4.0, metallicity=0.3)


@pytest.mark.parametrize("temperature", [0.01, 80.0, np.nan])
def test_a_temperature_outside_the_table_is_refused(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature must lie in"):
        emission_table().photons(temperature, metallicity=0.3)


def test_photons_of_an_emission_measure_agree_with_the_luminosity_distance() -> None:
    """The slow way: luminosity in photons over 4 pi D_L^2, and times dilation, (1+z) more photons than by energy."""
    cosmology, z = Cosmology(), 0.07
    observation = Observation(telescope=Telescope(), cosmology=cosmology, redshift=z)
    d_l = cosmology.angular_diameter_distance_mpc(z) * (1 + z) ** 2 * 3.0856776e24
    per_second = emission_table().photons(4.0, metallicity=0.3) * 3.0856776e21**3
    expected = per_second / (4 * np.pi * d_l**2) * (1 + z) * 600 * 1e5
    assert observation.photons_per_emission_measure(4.0) == pytest.approx(expected, rel=1e-12)


def test_scale_of_the_images() -> None:
    observation = Observation(telescope=Telescope(), cosmology=Cosmology())
    assert observation.telescope.n_pixels == 420
    assert observation.pixel_kpc == pytest.approx(7.99, abs=0.01)  # science.md: 79.86 kpc per arcmin


def test_out_of_range_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="exposure_s = -1"):
        Telescope(exposure_s=-1)
    with pytest.raises(ValueError, match="whole number"):
        Telescope(pixel_arcsec=7.3)
    with pytest.raises(ValueError, match="emission table"):
        Observation(telescope=Telescope(), cosmology=Cosmology(), redshift=0.2)
