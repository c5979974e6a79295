"""Background and mass function against astropy and published numbers."""

import numpy as np
import pytest
from astropy.cosmology import FlatLambdaCDM
from colossus.cosmology import cosmology as colossus_cosmology

from encluster.cosmology import Cosmology, mass_function

# Ratios n(sigma8) / n_ref of bocquet16 hydro at z = 0.07, as the project's science notes list them.
LOG_M = np.array([13.6, 14.0, 14.4, 14.8, 15.2])
RATIOS = {0.70: [0.742, 0.576, 0.378, 0.185, 0.053], 0.92: [1.162, 1.372, 1.814, 2.923, 6.773]}
# What astropy may differ by: its gravitational constant and parsec have more digits, and it integrates adaptively.
TOLERANCE = {"distance": 1e-6, "critical density": 2e-4, "e": 1e-12}


@pytest.fixture(scope="module")
def astropy_cosmology() -> FlatLambdaCDM:
    return FlatLambdaCDM(H0=70.4, Om0=0.272, Tcmb0=0)


@pytest.mark.parametrize("z", [0.01, 0.0663, 0.07, 0.29, 1.0])
def test_background_agrees_with_astropy(astropy_cosmology: FlatLambdaCDM, z: float) -> None:
    cosmology = Cosmology()
    assert cosmology.e(z) == pytest.approx(astropy_cosmology.efunc(z), rel=TOLERANCE["e"])
    theirs = astropy_cosmology.critical_density(z).to_value("Msun / kpc3")
    assert cosmology.critical_density(z) == pytest.approx(theirs, rel=TOLERANCE["critical density"])
    distance = astropy_cosmology.angular_diameter_distance(z).to_value("Mpc")
    assert cosmology.angular_diameter_distance_mpc(z) == pytest.approx(distance, rel=TOLERANCE["distance"])


def test_scale_on_the_sky_at_the_survey_redshift() -> None:
    kpc_per_arcmin = Cosmology().angular_diameter_distance_mpc(0.07) * 1e3 * np.pi / 180 / 60
    assert kpc_per_arcmin == pytest.approx(79.86, abs=0.02)


def test_spheres_hold_500_times_the_critical_density(astropy_cosmology: FlatLambdaCDM) -> None:
    mass = np.array([5e13, 1e15])  # Msun/h
    r = Cosmology().r500c_kpc(mass, 0.29)
    density = mass / 0.704 / (4 / 3 * np.pi * r**3)
    expected = 500 * astropy_cosmology.critical_density(0.29).to_value("Msun / kpc3")
    np.testing.assert_allclose(density, expected, rtol=TOLERANCE["critical density"])


def test_radius_of_a_heavy_cluster_today() -> None:
    # the critical density is 277.5 h^2 Msun/kpc^3, so h drops out in kpc/h
    expected = (1e15 / (4 / 3 * np.pi * 500 * 277.54)) ** (1 / 3) / 0.704
    assert Cosmology().r500c_kpc(np.array([1e15]), 0.0)[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("sigma8", RATIOS)
def test_mass_function_ratios(sigma8: float) -> None:
    cosmology = Cosmology()
    ratio = mass_function(cosmology.with_sigma8(sigma8), LOG_M, 0.07) / mass_function(cosmology, LOG_M, 0.07)
    np.testing.assert_allclose(ratio, RATIOS[sigma8], atol=0.0006)


@pytest.mark.parametrize(("model", "number"), [("bocquet16", 1313), ("tinker08", 1460)])
def test_number_of_clusters_in_the_box(model: str, number: int) -> None:
    log_m = np.linspace(13.58, 16, 1211)
    density = mass_function(Cosmology(), log_m, 0.07, model=model)
    assert np.trapezoid(density, log_m) * 352**3 == pytest.approx(number, abs=1.5)


def test_the_global_cosmology_is_restored() -> None:
    mine = colossus_cosmology.setCosmology("planck18", persistence="")
    try:
        mass_function(Cosmology(), LOG_M, 0.07)
        assert colossus_cosmology.current_cosmo is mine
        with pytest.raises(ValueError, match="not known"):
            mass_function(Cosmology(), LOG_M, 0.07, model="tinker")
        assert colossus_cosmology.current_cosmo is mine
    finally:
        colossus_cosmology.current_cosmo = None


@pytest.mark.parametrize(
    ("key", "value"), [("h0", 0.704), ("om0", 0.0), ("ob0", 0.5), ("ns", 3.0), ("sigma8", 0.1), ("om0", float("nan"))]
)
def test_values_out_of_range(key: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"^{key} = {value}: must be (at (least|most)|a finite|below om0)"):
        Cosmology(**{key: value})
