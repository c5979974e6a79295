"""Counting clusters and self-calibration: bins, medians and scatters known by construction."""

import numpy as np
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.counting import n_cluster_mapping
from encluster.interpretation.self_calibration import (
    averaged_pdf,
    binned_sigma8,
    fixed_scatter,
    log_yx,
    medians,
    sample_regions,
    transition_sets,
)

X_EDGES, Y_EDGES = np.arange(0, 60, 10), np.linspace(13.8, 14.2, 5)


def catalogs(n: int = 3000, scatter: float = 0.03, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """sigma8 that depends on the bin alone, with a known scatter."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 50, n), rng.uniform(13.8, 14.2, n)
    return x, y, 0.6 + 0.01 * (x // 10) + 0.02 * np.floor((y - 13.8) / 0.1) + rng.normal(0, scatter, n)


def test_medians_of_catalogs() -> None:
    columns = {
        "log_m_gas": np.array([13.0, 12.0, 14.0, 13.0, 13.5, 12.5, 13.25], np.float32),
        "log_temperature": np.array([0.5, 0.5, 0.25, 0.0, 0.0, 0.0, 0.5], np.float32),
    }
    mocks = ClusterCatalogs.of("mocks", columns, offset=np.array([0, 3, 3, 7]))
    assert mocks.n_clusters.tolist() == [3, 0, 4]
    assert medians(log_yx(mocks), mocks.offset) == pytest.approx([13.5, np.nan, 13.25], nan_ok=True)


def test_bins_hold_their_lower_edge_and_enough_catalogs() -> None:
    x = np.array([0, 9, 10, 10, 10, 59, 60, -1, 19])
    sigma8 = np.array([0.7, 0.9, 0.7, 0.8, 0.9, 0.8, 0.8, 0.8, 0.8])
    edges = np.arange(0, 70, 10)
    found = binned_sigma8(x, np.full(9, 0.5), sigma8, edges, np.array([0.0, 0.5, 1.0]), minimum=2)
    assert found.count[:, 0].sum() == 0
    assert found.count[:, 1].tolist() == [2, 4, 0, 0, 0, 1]
    assert found.cell.tolist() == [1, 1, 3, 3, 3, 11, -1, -1, 3]
    assert found.mean[:2, 1] == pytest.approx([0.8, 0.8])
    assert found.std[:2, 1] == pytest.approx([np.std([0.7, 0.9], ddof=1), np.std([0.7, 0.8, 0.9, 0.8], ddof=1)])
    assert np.isnan(found.mean[2:]).all()
    assert np.isnan(found.std[2:]).all()


def test_the_scatter_at_fixed_observables_is_recovered_with_its_error() -> None:
    x, y, sigma8 = catalogs()
    binned = binned_sigma8(x, y, sigma8, X_EDGES, Y_EDGES)
    assert np.nanmean(np.diff(binned.mean, axis=0)) == pytest.approx(0.01, abs=0.003)
    found = fixed_scatter(binned, sigma8)
    assert found.value == pytest.approx(0.03, abs=4 * found.error)
    assert found.error == pytest.approx(0.03 / np.sqrt(2 * 3000), rel=0.2)
    assert (found.n_bins, found.n_catalogs) == (20, 3000)
    assert np.std(sigma8) > 0.035
    # one wide bin cannot tell catalogs apart
    one = binned_sigma8(x, y, sigma8, np.array([0, 50]), np.array([13.8, 14.3]))
    assert fixed_scatter(one, sigma8).value == pytest.approx(np.std(sigma8, ddof=1))


def test_bins_with_too_few_catalogs_do_not_count() -> None:
    x, y, sigma8 = catalogs()
    wild = np.concatenate([sigma8, [0.0, 3.0]])
    edges = np.append(X_EDGES, 1000)
    binned = binned_sigma8(np.append(x, [500, 500]), np.append(y, [14.0, 14.0]), wild, edges, Y_EDGES)
    found = fixed_scatter(binned, wild)
    assert found.n_catalogs == 3000
    assert found.value == pytest.approx(fixed_scatter(binned_sigma8(x, y, sigma8, X_EDGES, Y_EDGES), sigma8).value)


def test_sample_regions_are_full_bins_of_low_and_high_sigma8() -> None:
    x, y, sigma8 = catalogs()
    keep = (x // 10 != 2) | (np.random.default_rng(0).random(len(x)) < 0.2)
    binned = binned_sigma8(x[keep], y[keep], sigma8[keep], X_EDGES, Y_EDGES)
    regions = sample_regions(binned)
    mean, count = binned.mean.ravel(), binned.count.ravel()
    usable = mean[np.isfinite(mean)]
    for name, side in (("A", mean <= np.quantile(usable, 1 / 3)), ("B", mean >= np.quantile(usable, 2 / 3))):
        assert side[regions[name]]
        assert count[regions[name]] == count[side].max()
        assert regions[name] // 4 != 2
        assert np.sum(binned.cell == regions[name]) == count[regions[name]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(x_edges=np.array([0.0, 0.0])), "x_edges must be two or more ascending"),
        (dict(y_edges=np.array([14.0])), "y_edges must be two or more ascending"),
        (dict(minimum=1), "minimum = 1 must be at least 2"),
    ],
)
def test_bad_bins_are_named(arguments: dict, message: str) -> None:
    x, y, sigma8 = catalogs(20)
    with pytest.raises(ValueError, match=message):
        binned_sigma8(**{"x": x, "y": y, "sigma8": sigma8, "x_edges": X_EDGES, "y_edges": Y_EDGES, **arguments})


def test_no_full_bin_is_an_error() -> None:
    x, y, sigma8 = catalogs(6)
    binned = binned_sigma8(x, y, sigma8, X_EDGES, Y_EDGES)
    for function in (lambda: fixed_scatter(binned, sigma8), lambda: sample_regions(binned)):
        with pytest.raises(ValueError, match="no bin holds enough catalogs"):
            function()


def test_transition_sets_are_the_extremes() -> None:
    log_m_break = np.random.default_rng(0).permutation(4968) / 1e4 + 14
    sets = transition_sets(log_m_break)
    assert {name: len(chosen) for name, chosen in sets.items()} == {"low": 621, "high": 621}
    assert log_m_break[sets["low"]].max() < np.sort(log_m_break)[621]
    assert log_m_break[sets["high"]].min() > np.sort(log_m_break)[-622]
    with pytest.raises(ValueError, match=r"a share of 0\.6 of 10 catalogs gives sets of 6"):
        transition_sets(np.arange(10.0), share=0.6)


def test_equal_breaks_make_one_set() -> None:
    sets = transition_sets(np.full(40, 14.2))
    assert list(sets) == ["all"]
    assert sets["all"].tolist() == list(range(40))


def test_an_averaged_pdf_counts_each_catalog_once() -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(1, 0.1, 4000), rng.normal(2, 0.1, 1000), rng.normal(9, 0.1, 50)])
    offset = np.array([0, 4000, 4000, 5000, 5050])
    edges = np.linspace(0, 3, 31)
    found = averaged_pdf(values, offset, np.array([0, 1, 2]), edges)
    assert np.sum(found.density * 0.1) == pytest.approx(1)
    assert np.sum(found.density[edges[:-1] < 1.5] * 0.1) == pytest.approx(0.5, abs=1e-6)
    # half of the weight lies below 1.5, though four in five clusters do
    assert 1.2 < found.median < 1.8
    single = averaged_pdf(values, offset, np.array([2]), edges)
    assert single.median == pytest.approx(np.median(values[4000:5000]), abs=0.01)
    assert np.sum(averaged_pdf(values, offset, np.array([3]), edges).density) == 0


def test_n_cluster_mapping_is_the_median_of_the_bin() -> None:
    n = np.array([100, 105, 109, 110, 119, 99, 101, 112, 98])
    sigma8 = np.array([0.70, 0.80, 0.92, 0.75, 0.85, 0.71, 0.0, 0.0, 0.0])
    predicted = n_cluster_mapping(n, sigma8, np.arange(6), np.array([6, 7, 8]))
    assert predicted == pytest.approx([0.80, 0.80, 0.71])
    assert n_cluster_mapping(n, sigma8, np.arange(6), np.array([6]), width=1000) == pytest.approx([0.775])


def test_n_cluster_mapping_asks_the_nearest_bin_where_its_own_is_empty() -> None:
    n, sigma8 = np.array([50, 95, 200, 60, 80, 70, 10]), np.array([0.7, 0.8, 0.9, 0.0, 0.0, 0.0, 0.0])
    predicted = n_cluster_mapping(n, sigma8, np.arange(3), np.arange(3, 7))
    # 70 lies two bins from both 50 and 90
    assert predicted == pytest.approx([0.7, 0.8, 0.7, 0.7])
    with pytest.raises(ValueError, match="no training catalog"):
        n_cluster_mapping(n, sigma8, np.array([], int), np.arange(3))
    with pytest.raises(ValueError, match="width = 0"):
        n_cluster_mapping(n, sigma8, np.arange(3), np.arange(3), width=0)


def test_n_cluster_mapping_never_looks_at_testing_labels() -> None:
    rng = np.random.default_rng(0)
    n, sigma8 = rng.integers(50, 200, 500), rng.uniform(0.7, 0.92, 500)
    training, testing = np.arange(400), np.arange(400, 500)
    changed = np.where(np.arange(500) < 400, sigma8, 9.0)
    before, after = (n_cluster_mapping(n, labels, training, testing) for labels in (sigma8, changed))
    assert np.array_equal(before, after)
