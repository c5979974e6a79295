"""Correlations of terse values: against SciPy, a slow twin of the resampling, and constructed saliencies."""

import time
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.terse import correlations, dark_stripes, rank_correlation, rank_within

WIDTH = 15


def made_up(n_catalogs: int = 60, n_clusters: int = 20, *, shared: float = 0.5, seed: int = 0) -> ClusterCatalogs:
    """Terse values that follow mass with an error, `shared` of whose variance is common to a catalog."""
    rng = np.random.default_rng(seed)
    number = np.full(n_catalogs, n_clusters)
    owner = np.repeat(np.arange(n_catalogs), number)
    n = len(owner)
    log_m = 13.6 + rng.exponential(0.3, n)
    error = np.sqrt(shared) * rng.normal(size=n_catalogs)[owner] + np.sqrt(1 - shared) * rng.normal(size=n)
    columns = {
        "sigma8": rng.choice(np.linspace(0.7, 0.92, 23), n_catalogs),
        "log_m500c": log_m,
        "log_m_wl": log_m + rng.normal(0, 0.1, n),
        "log_m_gas": 1.16 * log_m + rng.normal(0, 0.05, n),
        "log_temperature": 0.6 * log_m + rng.normal(0, 0.03, n),
        "terse": log_m + 0.2 * error,
        "saliency": rng.normal(size=(n, WIDTH)),
    }
    return ClusterCatalogs.of("interpretation", columns, offset=np.concatenate([[0], np.cumsum(number)]))


def test_the_coefficients_are_those_of_scipy() -> None:
    offset = np.concatenate([[0], np.sort(np.random.default_rng(1).choice(1199, 59, False)) + 1, [1200]])
    made = replace(made_up(), offset=offset)
    owner = made.owner
    found = correlations(made)
    truth = {name: made[name] for name in ("log_m500c", "log_m_wl", "log_m_gas", "log_temperature")}
    truth["log_yx"] = made["log_m_gas"] + made["log_temperature"]
    truth |= {"n_cluster": made.n_clusters[owner], "sigma8": made.catalog("sigma8")[owner]}
    assert set(found) == set(truth)
    for name, values in truth.items():
        assert found[name].rho == pytest.approx(spearmanr(made["terse"], values).statistic), name
        assert found[name].low < found[name].rho < found[name].high
    assert found["log_m500c"].rho > found["log_m_wl"].rho > 0.5


def test_the_interval_is_that_of_resampled_catalogs() -> None:
    """A slow twin: whole catalogs drawn with replacement and ranked anew."""
    made = made_up(60, 15, seed=3)
    owner = made.owner
    rng = np.random.default_rng(0)
    for name in ("log_m500c", "sigma8"):
        values = made[name] if name in made.clusters else made.catalog("sigma8")[owner]
        rhos = []
        for _ in range(300):
            rows = np.concatenate([np.flatnonzero(owner == c) for c in rng.integers(0, 60, 60)])
            rhos.append(spearmanr(made["terse"][rows], values[rows]).statistic)
        slow = np.quantile(rhos, [0.025, 0.975])
        fast = correlations(made, n_resamplings=2000)[name]
        assert [fast.low, fast.high] == pytest.approx(slow, abs=0.15 * np.ptp(slow)), name


def test_intervals_hold_although_clusters_of_a_catalog_err_alike() -> None:
    """Of 200 sets whose terse values know nothing of sigma8, about 95 % of the intervals hold zero."""
    held, held_by_clusters = 0, 0
    for seed in range(200):
        made = made_up(shared=0.9, seed=seed)
        owner = made.owner
        terse, sigma8 = made["terse"] - made["log_m500c"], made.catalog("sigma8")[owner]
        interval = rank_correlation(terse, sigma8, owner, seed=seed, n_resamplings=200)
        held += interval.low <= 0 <= interval.high
        # what one would believe if clusters were independent of each other
        held_by_clusters += abs(spearmanr(terse, sigma8).statistic) < 1.96 / np.sqrt(len(owner))
    assert 180 <= held <= 199
    assert held_by_clusters < 120


def test_a_constant_correlates_with_nothing() -> None:
    made = made_up()
    found = rank_correlation(np.ones(1200), made["terse"], made.owner)
    assert (found.rho, found.low, found.high) == (0, 0, 0)


def test_what_is_not_finite_or_cannot_be_resampled_is_named() -> None:
    values = np.array([1.0, np.nan, 2.0])
    with pytest.raises(ValueError, match="y of cluster 1 is not finite"):
        rank_correlation(np.arange(3), values, np.array([0, 0, 1]))
    with pytest.raises(ValueError, match="at least 2 of them, got 1"):
        rank_correlation(np.arange(3), np.arange(3), np.zeros(3, int))


def test_ranks_within_groups() -> None:
    rng = np.random.default_rng(0)
    ranks = rank_within(np.array([1, 0, 1, 1, 0]), np.array([5.0, 1.0, 3.0, 9.0, 0.5]), rng)
    assert ranks == pytest.approx([3 / 6, 3 / 4, 1 / 6, 5 / 6, 1 / 4])
    # equal values do not keep the order of their rows
    ties = np.mean([rank_within(np.zeros(4, int), np.zeros(4), rng) for _ in range(2000)], axis=0)
    assert ties == pytest.approx(np.full(4, 0.5), abs=0.03)


def test_dark_stripes_at_the_ends_of_the_terse_values_are_found() -> None:
    made = made_up(100, 40)
    rng = np.random.default_rng(1)
    terse, gamma = made["terse"], rng.normal(-0.9, 0.3, 4000)
    place = np.argsort(np.argsort(terse)) / 4000
    level = np.where(place < 0.1, 0.25, np.where(place >= 0.9, 0.5, 1.0))
    sign = rng.choice([-1, 1], (4000, WIDTH))
    found = dark_stripes(made.with_columns(saliency=sign * level[:, None]), gamma)
    assert found.lowest.value == pytest.approx(0.25)
    assert found.highest.value == pytest.approx(0.5)
    assert found.lowest.high < 0.26
    assert found.with_distance.rho < -0.3
    assert abs(found.with_shape.rho) < 0.05
    assert found.with_shape.low < 0 < found.with_shape.high

    fading = np.exp(-np.abs(terse - np.median(terse)))
    assert dark_stripes(made.with_columns(saliency=sign * fading[:, None]), gamma).with_distance.rho == pytest.approx(
        -1
    )


def test_dark_stripes_of_a_kind_of_cluster_are_told_from_those_at_the_ends() -> None:
    made = made_up(100, 40)
    gamma = np.random.default_rng(1).normal(-0.9, 0.3, 4000) - 0.5 * made["terse"]
    found = dark_stripes(made.with_columns(saliency=np.exp(gamma)[:, None] * np.ones(WIDTH)), gamma)
    assert found.with_shape.rho > 0.99
    # at fixed terse value alone: here gamma falls with it, and so does the saliency
    assert found.lowest.value > 1.1
    assert found.highest.value < 0.9


def test_full_size_takes_seconds() -> None:
    made = made_up(500, 120)
    start = time.process_time()
    correlations(made)
    assert time.process_time() - start < 10
