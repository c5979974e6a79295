"""Places of the largest saliency with their errors, from saliencies whose largest value is known."""

import numpy as np
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.largest_saliency import peak_mass, peak_radius
from encluster.interpretation.relative_saliency import METHODS, relative_to_temperature
from encluster.interpretation.saliency_profiles import AT_SHELL, summarize
from factories import RADII, interpretation, of_pixels

N, SIZE = 200, 40  # catalogs, and clusters in each


def made_up(gas: np.ndarray, rng: np.random.Generator, *, shared: float = 0.0) -> ClusterCatalogs:
    """Return clusters whose gas-mass saliency is `gas`, (SIZE, 7), plus noise that a catalog's clusters share."""
    n = N * SIZE
    saliency = np.full((n, 15), 0.1)
    saliency[:, 1:8] = np.tile(gas, (N, 1)) + np.repeat(shared * rng.normal(size=(N, 7)), SIZE, axis=0)
    columns = {"log_m500c": np.tile(np.linspace(13.65, 15.05, SIZE), N), "saliency": of_pixels(np.abs(saliency))}
    return ClusterCatalogs.of("interpretation", columns, offset=SIZE * np.arange(N + 1))


def test_a_clear_peak_has_the_error_of_the_step() -> None:
    gas = np.tile([1.0, 1, 1, 2, 1, 1, 1], (SIZE, 1))
    gas[:, AT_SHELL] += np.exp(-0.5 * ((np.linspace(13.65, 15.05, SIZE) - 14.25) / 0.3) ** 2)
    found = made_up(gas, np.random.default_rng(0))
    radius, mass = peak_radius(found), peak_mass(found)
    assert radius.place == pytest.approx(RADII[3])
    assert radius.error == pytest.approx((RADII[4] - RADII[2]) / 2 / np.sqrt(12), rel=1e-6)
    assert mass.place == pytest.approx(14.25)
    assert mass.error == pytest.approx(0.1 / np.sqrt(12), rel=1e-6)


def test_the_radius_is_that_of_the_largest_median() -> None:
    rng = np.random.default_rng(1)
    found = made_up(rng.random((SIZE, 7)), rng)
    assert peak_radius(found).place == summarize(found).peak_radius
    skewed = found.with_columns(saliency=np.where(np.arange(N * SIZE)[:, None] % 3 == 0, 50, 1) * found["saliency"])
    assert peak_radius(skewed).place == summarize(skewed).peak_radius


def test_two_equal_peaks_have_the_error_of_their_distance() -> None:
    """A catalog draws which of two shells is larger; the median over all catalogs is then undecided."""
    rng = np.random.default_rng(2)
    gas = np.tile([1.0, 2, 1, 1, 1, 2, 1], (SIZE, 1))
    errors = [peak_radius(made_up(gas, rng, shared=0.3)).error for _ in range(8)]
    half = (RADII[5] - RADII[1]) / 2  # the standard deviation of an even choice between the two
    assert 0.5 * half < np.mean(errors) < 1.2 * half


def test_the_error_is_the_scatter_over_independent_samples() -> None:
    """Truth: the scatter of the place over many samples of catalogs that were drawn anew."""
    log_m = np.linspace(13.65, 15.05, SIZE)
    gas = np.tile((2 - 0.2 * (log_m - 14.35) ** 2)[:, None], (1, 7))

    def sample(seed: int) -> ClusterCatalogs:
        rng = np.random.default_rng(seed)
        found = made_up(gas, rng)
        # each catalog tilts the saliency against mass
        tilt = np.repeat(rng.normal(0, 2, N), SIZE) * (found["log_m500c"] - 14.35)
        tilted = np.where(np.arange(15) == 1 + AT_SHELL, tilt[:, None], 0.0)
        return found.with_columns(saliency=10 + found["saliency"] + tilted)  # all positive

    drawn = [peak_mass(sample(k)) for k in range(40)]
    scatter = np.std([of.place for of in drawn])
    assert scatter > 0.2
    assert np.mean([of.error for of in drawn]) == pytest.approx(scatter, rel=0.3)


def test_a_flat_saliency_has_no_largest_value_and_one_catalog_no_error() -> None:
    flat = peak_mass(interpretation())
    assert np.isnan(flat.place)
    assert np.isnan(flat.error)
    alone = peak_radius(interpretation().select([0]))
    assert alone.place == pytest.approx(RADII[AT_SHELL])
    assert np.isnan(alone.error)


def test_the_scale_of_a_network_cancels() -> None:
    found = interpretation(gas=0.3)
    for method, column in METHODS.items():
        relative = relative_to_temperature(found.with_columns(**{column: -8 * found[column]}), method)
        pixels = relative.clusters["saliency"]
        assert pixels.of("log_temperature").values.mean() == pytest.approx(1)
        assert pixels.of("log_m_gas_shell").values[:, AT_SHELL] == pytest.approx(0.3 / 0.4)
        assert (pixels.values >= 0).all()
        assert pixels.of("gamma").radii == pytest.approx(RADII)
    dead = found.with_columns(saliency=np.zeros_like(found["saliency"]))
    assert (relative_to_temperature(dead)["saliency"] == 0).all()
