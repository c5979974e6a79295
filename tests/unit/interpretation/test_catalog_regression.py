"""Regression of sigma8 on summaries of catalogs: against plain loops, and without a leak."""

import numpy as np
import pytest

from encluster.interpretation.catalog_regression import CatalogRegression, summaries


def test_the_regression_is_that_of_plain_loops() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(60, 3)), rng.normal(size=60)
    x[:, 0] += y
    found = CatalogRegression(x).r_squared(np.stack([y, y[::-1]]))
    x = x - x.mean(axis=0)
    for labels, r_squared in zip((y, y[::-1]), found, strict=True):
        predicted = np.empty(60)
        for k in range(60):
            rows, others = np.delete(x, k, axis=0), np.delete(labels, k)
            center, mean = rows.mean(axis=0), others.mean()
            rows = rows - center
            slope = np.linalg.inv(rows.T @ rows + 0.1 * 60 * np.eye(3)) @ (rows.T @ (others - mean))
            predicted[k] = mean + (x[k] - center) @ slope
        assert r_squared == pytest.approx(1 - np.sum((labels - predicted) ** 2) / np.sum((labels - labels.mean()) ** 2))
    assert found[0] > 0.3
    assert found[1] < 0.1


def catalogs(rng: np.random.Generator, n_catalogs: int = 300) -> tuple[np.ndarray, ...]:
    """Numbers and masses that depend strongly on sigma8, and on a bias that the values have too, as that of L_X."""
    sigma8 = rng.uniform(0.7, 0.92, n_catalogs)
    bias = rng.normal(size=n_catalogs)
    number = 1 + rng.poisson(40 * (sigma8 / 0.81) ** 4 * np.exp(0.3 * bias))
    owner = np.repeat(np.arange(n_catalogs), number)
    log_m = 13.6 + rng.gamma(2.0, 0.15 * (sigma8[owner] / 0.81) ** 3)
    return sigma8, bias, owner, log_m


def test_the_summaries_depend_on_neither_numbers_nor_masses() -> None:
    """The mean correlation with sigma8 over 30 sets is within its error for each kind of values and each summary."""
    rng = np.random.default_rng(2)
    found: dict[str, list[np.ndarray]] = {"bias": [], "scatter": [], "tight": []}
    for _ in range(30):
        sigma8, bias, owner, log_m = catalogs(rng)
        assert np.corrcoef(sigma8, np.bincount(owner))[0, 1] > 0.3
        noise = rng.normal(size=len(owner))
        values = {
            "bias": log_m + 0.1 * bias[owner] + 0.1 * noise,
            "scatter": log_m + 0.1 * (log_m - 13.3) * noise,
            "tight": log_m + 0.001 * noise,
        }
        label = (sigma8 - sigma8.mean()) / sigma8.std()
        for name, of in values.items():
            found[name].append(summaries(of, log_m, owner, rng).T @ label / np.sqrt(len(label)))
    for name, z in found.items():
        # chi squared of about 32 means: 32 +- 8
        assert np.sum(np.mean(z, axis=0) ** 2) * len(z) < 32 + 4 * 8, name


def test_the_largest_rank_to_the_power_of_the_number_would_be_a_false_alarm() -> None:
    """The reason why the summaries are means: biases that clusters share make max(rank)^N fall with N."""
    rng = np.random.default_rng(3)
    sigma8, bias, owner, _ = catalogs(rng, 10_000)
    values = rng.permutation(bias)[owner] + 0.3 * rng.normal(size=len(owner))
    rank = (np.argsort(np.argsort(values)) + 0.5) / len(values)
    largest = np.maximum.reduceat(rank, np.searchsorted(owner, np.arange(len(sigma8)))) ** np.bincount(owner)
    assert np.corrcoef(sigma8, largest)[0, 1] < -4 / np.sqrt(len(sigma8))


def test_a_function_of_mass_and_a_constant_tell_nothing() -> None:
    rng = np.random.default_rng(4)
    sigma8, _, owner, log_m = catalogs(rng)
    orders = rng.permuted(np.tile(np.arange(len(sigma8)), (200, 1)), axis=1)
    for values in (log_m, -np.exp(log_m - 13), np.ones_like(log_m), np.round(log_m, 1)):
        regression = CatalogRegression(summaries(values, log_m, owner, rng))
        assert regression.r_squared(sigma8[None])[0] < np.quantile(regression.r_squared(sigma8[orders]), 0.995)


def test_catalogs_of_one_cluster_have_finite_summaries() -> None:
    rng = np.random.default_rng(5)
    owner = np.sort(np.concatenate([np.arange(30), rng.integers(0, 10, 300)]))
    found = summaries(rng.normal(size=330), rng.random(330), owner, rng)
    assert np.isfinite(found).all()
    assert found.std() > 0.5
