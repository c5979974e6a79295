"""Batches: every catalog once, in one shape, apart from its neighbors."""

import numpy as np
import pytest

from encluster.network.batches import FixedBatches, IdenticalBatches, MixedBatches
from encluster.network.packing import Batch

LEVELS = 4


def _offset(sizes: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(sizes)])


@pytest.fixture
def sizes() -> np.ndarray:
    return np.random.default_rng(0).gamma(4, 30, 500).astype(int) + 1


def _check_layout(batch: Batch, offset: np.ndarray, levels: int) -> None:
    """Every catalog has its own rows in order, starts at a multiple of 2**levels, and has zeros around it."""
    used = batch.catalogs[batch.weight > 0]
    for b, catalog in enumerate(used):
        own = np.arange(offset[catalog], offset[catalog + 1])
        start = batch.top[b, 0] << levels
        packed = batch.slots[start : start + len(own), 0]
        np.testing.assert_array_equal(batch.rows[packed], own)
        np.testing.assert_array_equal(batch.slots[start : start + len(own), 1], np.arange(len(own)))
        n_top = max(len(own), 1 << levels) >> levels
        np.testing.assert_array_equal(batch.top[b, :n_top], batch.top[b, 0] + np.arange(n_top))
        assert (batch.top[b, n_top:] == -1).all()
    assert (batch.slots[:, 0] >= 0).sum() == (offset[used + 1] - offset[used]).sum()
    for level in range(levels):
        step = 1 << level
        place, length = batch.slots[::step, 1] // step, batch.slots[::step, 2] // step
        inside = place < length
        last = np.flatnonzero(inside & (place == length - 1))
        assert len(last) == len(used)
        # the convolution reads two rows ahead and one back
        for ahead in (1, 2):
            assert not inside[last[last + ahead < len(inside)] + ahead].any()


def test_mixed_batches_use_each_catalog_once_in_one_shape(sizes: np.ndarray) -> None:
    chosen = np.arange(0, 500, 2)
    batches = MixedBatches(_offset(sizes), chosen, 32, LEVELS, seed=3)
    epoch = batches.epoch(1)
    used = np.concatenate([batch.catalogs[batch.weight > 0] for batch in epoch])
    np.testing.assert_array_equal(np.sort(used), chosen)
    assert {(b.rows.shape, b.slots.shape, b.top.shape) for b in epoch} == {
        ((batches.shape.rows,), (batches.shape.slots, 3), (32, batches.shape.top))
    }
    for batch in epoch:
        _check_layout(batch, _offset(sizes), LEVELS)
    assert {int(batch.weight.sum()) for batch in epoch} <= {31, 32}


def test_mixed_batches_waste_little_and_stay_random(sizes: np.ndarray) -> None:
    batches = MixedBatches(_offset(sizes), np.arange(500), 32, LEVELS, seed=3)
    epochs = [batches.groups(epoch) for epoch in range(20)]
    assert batches.shape.rows * len(epochs[0]) < 1.08 * sizes.sum()
    # two given catalogs meet in a batch about as often as by chance
    together = sum(any({7, 8} <= set(group) for group in groups) for groups in epochs)
    assert together < 8
    largest = np.argsort(sizes)[-16:]
    shares = [max(np.isin(group, largest).sum() for group in groups) for groups in epochs]
    assert max(shares) >= 3, "large catalogs are dealt out evenly, not at random"


def test_the_same_seed_and_epoch_give_the_same_batches(sizes: np.ndarray) -> None:
    for kind in (MixedBatches, IdenticalBatches):
        first, again, other = (kind(_offset(sizes), np.arange(500), 32, LEVELS, seed=s).groups(4) for s in (1, 1, 2))
        assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
        assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("sizes", [[1], [2, 900], [5, 5, 5, 400, 1, 1], [1] * 40 + [800] * 3, [16] * 7])
def test_awkward_sizes_fit_too(sizes: list[int]) -> None:
    offset = _offset(np.array(sizes))
    batches = MixedBatches(offset, np.arange(len(sizes)), 4, LEVELS, seed=0)
    for epoch in range(5):
        found = batches.epoch(epoch)
        assert sum(int(batch.weight.sum()) for batch in found) == len(sizes)
        for batch in found:
            _check_layout(batch, offset, LEVELS)


@pytest.mark.parametrize("levels", [1, 2, 5])
def test_other_depths(sizes: np.ndarray, levels: int) -> None:
    for batch in FixedBatches(_offset(sizes), np.arange(60), 8, levels):
        _check_layout(batch, _offset(sizes), levels)


def test_identical_batches_hold_catalogs_of_equal_size(sizes: np.ndarray) -> None:
    batches = IdenticalBatches(_offset(sizes), np.arange(500), 3, LEVELS, seed=3)
    epoch = batches.epoch(2)
    used = [batch.catalogs[batch.weight > 0] for batch in epoch]
    np.testing.assert_array_equal(np.sort(np.concatenate(used)), np.arange(500))
    assert all(len(set(sizes[group])) == 1 and len(group) <= 3 for group in used)
    assert any(len(group) > 1 for group in used)
    order = [int(sizes[group[0]]) for group in used]
    assert order != sorted(order)
    assert len({batch.rows.shape for batch in epoch}) < 15
    for batch in epoch:
        _check_layout(batch, _offset(sizes), LEVELS)


def test_a_catalog_without_clusters_is_an_error() -> None:
    with pytest.raises(ValueError, match="catalog 1 has no clusters"):
        MixedBatches(np.array([0, 3, 3, 5]), np.arange(3), 2, LEVELS, seed=0)
    with pytest.raises(ValueError, match="no catalog to make batches of"):
        FixedBatches(np.array([0, 3]), np.array([], int), 2, LEVELS)
