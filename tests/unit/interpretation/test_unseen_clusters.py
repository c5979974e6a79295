"""Errors on clusters that the training has not used: biases that are known by construction."""

import numpy as np
import pandas as pd
import pytest

from encluster.interpretation.unseen_clusters import errors_of, unseen_errors


def drawn(
    seed: int, *, own: float = 0.0, simulation: float = 0.0, realizations: int = 200, networks: int = 2, n: int = 400
) -> tuple[dict[str, dict[str, np.ndarray]], dict[str, np.ndarray]]:
    """Return errors of width 0.02 with a bias of each network's own and one of each realization."""
    rng = np.random.default_rng(seed)
    names = [f"network_{k}" for k in range(networks)]
    shift = simulation * rng.normal(size=realizations)
    errors = {str(k): {name: own + shift[k] + 0.02 * rng.normal(size=n) for name in names} for k in range(realizations)}
    return errors, {name: own + 0.02 * rng.normal(size=n) for name in names}


def test_means_and_standard_deviations() -> None:
    errors, own = drawn(1, own=0.003, simulation=0.004)
    found = unseen_errors(errors, own)
    assert (found.realizations, found.networks) == (200, 2)
    assert found.delta_sigma8 == pytest.approx(0.02, rel=0.01)
    assert found.bias == pytest.approx(0.003, abs=3 * 0.004 / np.sqrt(200))
    # the noise of 2 x 400 catalogs adds to the spread over realizations
    assert found.bias_spread == pytest.approx(np.hypot(0.004, 0.02 / np.sqrt(800)), rel=0.15)
    assert found.bias_scatter < 0.001
    assert found.delta_sigma8_spread == pytest.approx(0.02 / np.sqrt(2 * 800), rel=0.15)


@pytest.mark.parametrize(("own", "simulation", "low", "high"), [(0, 0.01, 0.97, 1), (0.01, 0, 0, 0.1), (0, 0, 0, 0.3)])
def test_the_share_of_the_finite_simulation(own: float, simulation: float, low: float, high: float) -> None:
    assert low <= unseen_errors(*drawn(2, own=own, simulation=simulation)).share <= high


def test_half_of_the_square_may_come_from_the_simulation() -> None:
    assert unseen_errors(*drawn(3, own=0.005, simulation=0.005)).share == pytest.approx(0.5, abs=0.1)


def test_one_realization_has_no_spread() -> None:
    found = unseen_errors(*drawn(4, realizations=1, networks=1))
    assert np.isnan([found.bias_spread, found.bias_scatter, found.delta_sigma8_spread]).all()


def test_errors_by_network() -> None:
    table = pd.DataFrame(
        {"network": ["b", "a", "b"], "sigma8_true": [0.8, 0.7, 0.9], "sigma8_predicted": [0.9, 0.7, 0.8]}
    )
    found = errors_of(table)
    assert list(found) == ["b", "a"]
    np.testing.assert_allclose(found["b"], [0.1, -0.1])
