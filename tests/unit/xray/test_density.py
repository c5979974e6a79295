"""Gas density: closed forms of the beta model and the power law."""

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gamma as gamma_function

from encluster.xray.density import MSUN_PER_CM3_KPC3, GasDensity, shell_radii
from encluster.xray.projection import shell_nodes, volumes_in_cylinders

FULL = GasDensity(n0=5e-3, rc_kpc=100, rs_kpc=900, alpha=1.2, beta=0.6, epsilon=3.0, n02=0.03, rc2_kpc=20, beta2=1.1)


def beta_model(beta: float, rc_kpc: float) -> GasDensity:
    return GasDensity(n0=1e-2, rc_kpc=rc_kpc, rs_kpc=1e9, alpha=0, beta=beta, epsilon=0)


@pytest.mark.parametrize("beta", [0.5, 0.67, 1.0])
def test_beta_model_projects_to_its_closed_form(beta: float) -> None:
    rc = 120.0
    radii = np.array([1.0, 60.0, 120.0, 900.0])
    constant = np.sqrt(np.pi) * gamma_function(3 * beta - 0.5) / gamma_function(3 * beta) * 1e-4 * rc
    expected = constant * (1 + (radii / rc) ** 2) ** (0.5 - 3 * beta)
    # beta = 0.5 falls so slowly that gas beyond 5e5 kpc still gives 1e-6 of it
    np.testing.assert_allclose(beta_model(beta, rc).brightness(radii, extent_kpc=5e5), expected, rtol=2e-5)


def test_power_law_has_its_slope_and_its_mass() -> None:
    density = GasDensity(n0=1e-3, rc_kpc=1e-6, rs_kpc=1e9, alpha=0, beta=2 / 3, epsilon=0)  # n ~ r^-2
    np.testing.assert_allclose(density.slope(np.array([1.0, 50.0, 3000.0])), -2, rtol=1e-9)
    masses = density.gas_mass(np.array([0.0, 100.0, 300.0]), h=0.7)
    assert masses[1] / masses[0] == pytest.approx(2.0, rel=1e-6)


def test_slope_is_the_derivative_of_the_density() -> None:
    r = np.geomspace(3, 3000, 30)
    step = 1e-4
    ln_rho = [0.5 * np.log(FULL.emissivity(r * np.exp(sign * step))) for sign in (1, -1)]
    np.testing.assert_allclose(FULL.slope(r), (ln_rho[0] - ln_rho[1]) / (2 * step), rtol=1e-6)
    assert np.ptp(FULL.slope(r)) > 1


def test_mass_and_emission_measure_match_slow_quadrature() -> None:
    edges = np.array([0.0, 80.0, 250.0, 1000.0])

    def integral(power: float, low: float, high: float) -> float:
        return quad(lambda r: 4 * np.pi * r**2 * FULL.emissivity(np.array(r)) ** power, low, high, limit=200)[0]

    mass = [integral(0.5, a, b) * MSUN_PER_CM3_KPC3 * 0.7 for a, b in itertools.pairwise(edges)]
    measure = [integral(1.0, a, b) for a, b in itertools.pairwise(edges)]
    np.testing.assert_allclose(FULL.gas_mass(edges, h=0.7), mass, rtol=3e-5)
    np.testing.assert_allclose(FULL.emission_measure(edges), measure, rtol=3e-4)
    assert pytest.approx(4.0139e7, rel=1e-3) == MSUN_PER_CM3_KPC3


def test_shells_in_cylinders_fill_the_sphere_and_project_the_beta_model() -> None:
    edges = np.concatenate([[0.0], np.geomspace(0.5, 1e5, 500)])
    radii = np.array([50.0, 400.0])
    volumes = volumes_in_cylinders(np.append(radii, 1e6), edges)
    np.testing.assert_allclose(volumes[-1].sum(), 4 / 3 * np.pi * 1e15, rtol=1e-12)
    # inside a cylinder the beta model has a closed form too: beta = 2/3 gives pi rc^2 S0 ln(1 + R^2/rc^2) form below
    model, rc = beta_model(1.0, 120.0), 120.0
    constant = np.sqrt(np.pi) * gamma_function(2.5) / gamma_function(3.0) * 1e-4 * rc
    inside = constant * 2 * np.pi * rc**2 / 3 * (1 - (1 + (radii / rc) ** 2) ** -1.5)
    np.testing.assert_allclose(volumes[:-1] @ model.emissivity(shell_nodes(edges)), inside, rtol=5e-4)


def test_scaled_and_stretched() -> None:
    r = np.array([10.0, 200.0])
    np.testing.assert_allclose(FULL.scaled(3.0).emissivity(r), 9 * FULL.emissivity(r))
    np.testing.assert_allclose(FULL.stretched(2.0).emissivity(2 * r), FULL.emissivity(r))


def test_shell_radii_are_those_of_decision_d10() -> None:
    np.testing.assert_allclose(shell_radii(), [0.1, 0.147, 0.215, 0.316, 0.464, 0.681, 1.0], atol=5e-4)


@pytest.mark.parametrize(
    ("name", "value"), [("n0", 0.0), ("rc_kpc", np.nan), ("alpha", 3.5), ("epsilon", 6.0), ("n02", -1.0)]
)
def test_impossible_parameters_are_refused(name: str, value: float) -> None:
    good = dict(n0=1e-2, rc_kpc=100.0, rs_kpc=900.0, alpha=1.0, beta=0.6, epsilon=3.0)
    with pytest.raises(ValueError, match=name):
        GasDensity(**(good | {name: value}))
