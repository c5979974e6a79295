"""Shares of variance against plain loops."""

import numpy as np
import pytest

from encluster.interpretation.variance_shares import VarianceShares


def test_the_shares_are_those_of_plain_loops() -> None:
    rng = np.random.default_rng(3)
    sigma8, number = rng.choice(np.linspace(0.70, 0.92, 23), 25), 1 + rng.poisson(20, 25)
    owner = np.repeat(np.arange(25), number)
    log_m = 13.6 + rng.gamma(2.0, 0.15 * sigma8[owner] / 0.81)
    terse = log_m + 0.1 * rng.normal(size=len(owner)) + 1.5 * sigma8[owner]
    order = rng.permutation(25)
    found = VarianceShares(terse, log_m, sigma8, owner, rng).of(order[None])[0]

    n, label, weight = len(owner), sigma8[order], 1 / number[owner]
    label = label - label.mean()
    n_bins = n // 50
    mass_bin = ((np.argsort(np.argsort(log_m)) + 0.5) * n_bins / n).astype(int)
    rank, ranks = np.empty(n), label.argsort().argsort().astype(float)
    for value in np.unique(label):
        ranks[label == value] = ranks[label == value].mean()
    residual, ranks, mean = label[owner], (ranks - ranks.mean())[owner], np.empty(n)
    for b in range(n_bins):
        inside = mass_bin == b
        rank[inside] = (np.argsort(np.argsort(terse[inside])) + 0.5) / inside.sum()
        mean[inside] = np.average(label[owner][inside], weights=weight[inside])
        ranks[inside] -= np.average(ranks[inside], weights=weight[inside])
    fifth_of_rank = (rank * 5).astype(int)
    for b in range(n_bins):
        rank[mass_bin == b] -= np.average(rank[mass_bin == b], weights=weight[mass_bin == b])
    residual = residual - mean
    place = np.array([np.mean(label < x) + np.mean(label == x) / 2 for x in label])
    fifth_of_sigma8 = (place * 5).astype(int)[owner]
    explained = np.zeros(2)
    for r in range(4):
        for k in range(5):
            for i, (values, fifth) in enumerate(((residual, fifth_of_rank), (rank, fifth_of_sigma8))):
                inside = (mass_bin * 4 // n_bins == r) & (fifth == k)
                total = weight[inside].sum()
                explained[i] += total * np.average(values[inside], weights=weight[inside]) ** 2
    assert found[0] == pytest.approx(explained[0] / np.sum(weight * residual**2))
    assert found[1] == pytest.approx(explained[1] / np.sum(weight * rank**2))
    assert found[2] == pytest.approx(np.sum(weight * mean**2) / np.sum(weight * label[owner] ** 2))
    product = np.sum(weight * rank * ranks)
    assert found[3] == pytest.approx(product / np.sqrt(np.sum(weight * rank**2) * np.sum(weight * ranks**2)))
