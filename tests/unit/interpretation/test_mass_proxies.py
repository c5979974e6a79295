"""Mass proxies whose scatter is known by construction."""

import numpy as np
import pytest

from encluster.interpretation.mass_proxies import proxy_scatter

SLOPE, INTERCEPT = 0.8, 2.5


def made_up(
    n_catalogs: int = 100, n_clusters: int = 60, scatter: float = 0.07, *, bias: float = 0.06, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """log M is a line in the proxy, an offset of each catalog, and a scatter [dex] of each cluster."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(n_catalogs), n_clusters)
    log_proxy = rng.normal(14, 0.25, len(owner))
    offset = rng.normal(0, bias, n_catalogs)
    log_m = INTERCEPT + SLOPE * log_proxy + offset[owner] + rng.normal(0, scatter, len(owner))
    return log_m, log_proxy, owner


def test_scatter_and_line_are_recovered_without_the_offsets_of_catalogs() -> None:
    found = proxy_scatter(*made_up())
    truth = 0.07 * np.log(10)
    assert found.scatter == pytest.approx(truth, abs=4 * found.error)
    assert found.error == pytest.approx(truth / np.sqrt(2 * 6000), rel=0.25)
    assert found.half_16_84 == pytest.approx(truth, rel=0.03)
    assert found.slope == pytest.approx(SLOPE, abs=0.03)
    assert found.slope * 14 + found.intercept == pytest.approx(SLOPE * 14 + INTERCEPT, abs=0.03)
    # the offsets themselves would have made 0.092 dex
    assert found.scatter < 0.08 * np.log(10)


def test_few_clusters_per_catalog_do_not_lower_the_scatter() -> None:
    values = [proxy_scatter(*made_up(300, 3, seed=seed)).scatter for seed in range(20)]
    assert np.mean(values) == pytest.approx(0.07 * np.log(10), rel=0.02)


def test_the_same_as_ten_plain_lines() -> None:
    log_m, log_proxy, owner = made_up(12, 30)
    rows = np.random.default_rng(1).permutation(360)
    log_m, log_proxy, owner = log_m[rows], log_proxy[rows], owner[rows] * 7 + 3
    slope, intercept = np.polyfit(log_proxy, log_m, 1)
    residual = intercept + slope * log_proxy - log_m
    for catalog in np.unique(owner):
        residual[owner == catalog] -= residual[owner == catalog].mean()
    found = proxy_scatter(log_m, log_proxy, owner)
    assert found.slope == pytest.approx(slope)
    assert found.intercept == pytest.approx(intercept)
    assert found.residual == pytest.approx(residual, abs=1e-10)
    assert found.scatter == pytest.approx(np.sqrt((residual**2).sum() / (360 - 12)) * np.log(10))
    assert found.half_16_84 == pytest.approx(np.ptp(np.percentile(residual, [16, 84])) / 2 * np.log(10))


def test_the_error_is_that_of_repeated_experiments() -> None:
    def uneven(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The scatter differs from catalog to catalog: what a bootstrap over clusters would not see."""
        log_m, log_proxy, owner = made_up(40, 50, 0.0, seed=seed)
        rng = np.random.default_rng([seed, 1])
        return log_m + rng.uniform(0.02, 0.12, 40)[owner] * rng.normal(size=2000), log_proxy, owner

    found = [proxy_scatter(*uneven(seed)) for seed in range(60)]
    spread = np.std([one.scatter for one in found])
    assert np.mean([one.error for one in found]) == pytest.approx(spread, rel=0.3)
    assert spread > 1.5 * found[0].scatter / np.sqrt(2 * 2000)


def test_a_constant_proxy_has_the_scatter_of_mass_itself() -> None:
    log_m, log_proxy, owner = made_up()
    found = proxy_scatter(log_m, np.zeros_like(log_proxy), owner)
    assert found.slope == 0
    centered = log_m - (np.bincount(owner, log_m) / 60)[owner]
    assert found.scatter == pytest.approx(np.sqrt((centered**2).sum() / 5900) * np.log(10))


def test_what_cannot_be_measured_is_said() -> None:
    log_m, log_proxy, owner = made_up(3, 5)
    with pytest.raises(ValueError, match="3 catalogs has one cluster"):
        proxy_scatter(log_m[:3], log_proxy[:3], np.arange(3))
    log_proxy[7] = np.inf
    with pytest.raises(ValueError, match="log_proxy of cluster 7 is not finite"):
        proxy_scatter(log_m, log_proxy, owner)
