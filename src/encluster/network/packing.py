"""Batches of catalogs of any size in arrays of one fixed shape: the slotted form.

The encoder sees the clusters of a batch packed, one row each. The CNN sees one long sequence in which each catalog
starts at a multiple of 2**levels rows, so that pairs of rows that are pooled never straddle two catalogs, and in
which at least two zero rows separate neighbors at every level, so that the zero padding of each convolution (one row
before, two after) is what every catalog would have by itself. Tables of indices say which row is whose.

Keras pools pairs and forgets an odd last row, so `n` rows become n // 2**levels: none where n < 2**levels. Such a
catalog is read as if zero rows filled it up to 2**levels, which the zero padding of the convolution suggests.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from encluster.randomness import generator
from encluster.types import IntArray

# Room above the mean load of a batch; smaller needs more swaps, larger computes more padding.
SPARE = 0.03
# Sizes of the arrays that hold batches of equal N grow by this factor: few shapes to compile, 12 % waste on average.
LADDER = 1.25
_GRANULE = 64
_MAX_SWAPS = 20_000


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Fixed sizes of the arrays of a batch.

    Parameters
    ----------
    rows : clusters, packed
    slots : rows of the CNN's long sequence
    catalogs : catalogs
    top : rows per catalog after the last pooling
    """

    rows: int
    slots: int
    catalogs: int
    top: int


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Index tables of one batch.

    Parameters
    ----------
    rows : (T,) row of the feature matrix that stands in each packed row
    slots : (C, 3) per row of the long sequence: packed row or -1 for zeros, place in its catalog, catalog's length
    top : (B, K) rows after the last pooling that belong to each catalog, -1 where there are fewer than K
    catalogs : (B,) which catalog; 0 in places that are not used
    weight : (B,) 1 for a catalog, 0 for a place that is not used
    """

    rows: IntArray
    slots: IntArray
    top: IntArray
    catalogs: IntArray
    weight: np.ndarray

    @property
    def tables(self) -> tuple[np.ndarray, ...]:
        """All five, in this order."""
        return self.rows, self.slots, self.top, self.catalogs, self.weight


def read_length(n: IntArray, levels: int) -> IntArray:
    """Return the rows that the CNN reads of catalogs with `n` clusters: n, but at least 2**levels."""
    return np.maximum(n, 1 << levels)


def slot_length(n: IntArray, levels: int) -> IntArray:
    """Return the rows of the long sequence that catalogs with `n` clusters own: a multiple of 2**levels."""
    last = read_length(n, levels) >> (levels - 1)
    return (1 << levels) * ((last + 3) // 2)


def shape_for(groups: Sequence[IntArray], n_clusters: IntArray, levels: int, catalogs: int | None = None) -> Shape:
    """Return the smallest (rounded up) shape that holds each group of catalog indices."""
    n_slots = slot_length(n_clusters, levels)
    return Shape(
        rows=_round_up(max(int(n_clusters[group].sum()) for group in groups), _GRANULE),
        slots=_round_up(max(int(n_slots[group].sum()) for group in groups), max(_GRANULE, 1 << levels)),
        catalogs=catalogs or max(len(group) for group in groups),
        top=int(max(read_length(n_clusters[group], levels).max() for group in groups)) >> levels,
    )


def assemble(rows: Sequence[IntArray], catalogs: IntArray, shape: Shape, levels: int) -> Batch:
    """Lay out catalogs side by side.

    Parameters
    ----------
    rows : per catalog, the rows of the feature matrix that it owns, in order
    catalogs : (b,) their indices, b <= shape.catalogs
    shape : sizes of the arrays
    levels : number of poolings

    Raises
    ------
    ValueError : a catalog without clusters, or more of them than the shape holds
    """
    n = np.array([len(own) for own in rows])
    _require_clusters(n, catalogs)
    packed = np.zeros(shape.rows, np.int32)
    packed[: n.sum()] = np.concatenate(rows)
    return _lay_out(packed, np.cumsum(n) - n, n, catalogs, shape, levels)


def _lay_out(packed: IntArray, first: IntArray, n: IntArray, catalogs: IntArray, shape: Shape, levels: int) -> Batch:
    own, length = slot_length(n, levels), read_length(n, levels)
    if len(n) > shape.catalogs or n.sum() > shape.rows or own.sum() > shape.slots or length.max() >> levels > shape.top:
        raise ValueError(f"{len(n)} catalogs of {n.sum()} clusters do not fit into {shape}")
    start, used = np.cumsum(own) - own, int(own.sum())
    owner = np.repeat(np.arange(len(n)), own)
    place = np.arange(used) - start[owner]
    slots = np.zeros((shape.slots, 3), np.int32)
    slots[:, 0] = -1
    slots[:used, 0] = np.where(place < n[owner], first[owner] + place, -1)
    slots[:used, 1] = place
    slots[:used, 2] = length[owner]
    # A place that is not used reads row 0: any number will do, but not none at all, whose maximum is not finite.
    top = np.full((shape.catalogs, shape.top), -1, np.int32)
    top[:, 0] = 0
    column = np.arange(shape.top)
    top[: len(n)] = np.where(column < (length >> levels)[:, None], (start >> levels)[:, None] + column, -1)
    return Batch(
        rows=packed,
        slots=slots,
        top=top,
        catalogs=np.pad(catalogs, (0, shape.catalogs - len(n))).astype(np.int32),
        weight=(np.arange(shape.catalogs) < len(n)).astype(np.float32),
    )


class _Batches:
    """What the ways of batching share: whose rows are whose."""

    def __init__(self, offset: IntArray, catalogs: IntArray, batch_size: int, levels: int) -> None:
        self._offset = np.asarray(offset, dtype=np.int64)
        self._n_clusters = np.diff(self._offset)
        self._catalogs = np.asarray(catalogs, dtype=np.int64)
        self._levels = levels
        self._batch_size = batch_size
        if not len(self._catalogs):
            raise ValueError("no catalog to make batches of")
        _require_clusters(self._n_clusters[self._catalogs], self._catalogs)

    def _assemble(self, group: IntArray, shape: Shape) -> Batch:
        n = self._n_clusters[group]
        first = np.cumsum(n) - n
        packed = np.zeros(shape.rows, np.int32)
        packed[: n.sum()] = np.arange(n.sum()) + np.repeat(self._offset[group] - first, n)
        return _lay_out(packed, first, n, group, shape, self._levels)

    def _serpentine(self) -> list[IntArray]:
        """Deal catalogs, sorted by size, to and fro over the batches: loads differ little, in rows and in slots."""
        order = self._catalogs[np.argsort(self._n_clusters[self._catalogs], kind="stable")[::-1]]
        n_batches = -(-len(order) // self._batch_size)
        turn, step = np.divmod(np.arange(len(order)), n_batches)
        batch = np.where(turn % 2, n_batches - 1 - step, step)
        return [order[batch == b] for b in range(n_batches)]


class FixedBatches(_Batches):
    """Batches for prediction: every catalog once, one shape."""

    def __init__(self, offset: IntArray, catalogs: IntArray, batch_size: int, levels: int) -> None:
        super().__init__(offset, catalogs, batch_size, levels)
        self._groups = self._serpentine()
        self.shape = shape_for(self._groups, self._n_clusters, levels)

    def __iter__(self) -> Iterator[Batch]:
        """Yield the batches, always the same."""
        return (self._assemble(group, self.shape) for group in self._groups)


class MixedBatches(_Batches):
    """Random batches in one shape: shuffled, then repaired by swaps until each fits.

    Parameters
    ----------
    offset : (n_catalogs + 1,) first row of each catalog
    catalogs : indices of those to use
    batch_size : catalogs per batch; batches have this size or one less, so that none is a small rest
    levels : number of poolings
    seed : of the shuffling
    """

    def __init__(self, offset: IntArray, catalogs: IntArray, batch_size: int, levels: int, seed: int) -> None:
        super().__init__(offset, catalogs, batch_size, levels)
        self._seed = seed
        dealt = self._serpentine()
        self._n_batches = len(dealt)
        n = self._n_clusters[self._catalogs]
        # in both measures (clusters, slots) at least what dealing by size needs, so that a solution always exists
        self._loads = np.stack([self._n_clusters, slot_length(self._n_clusters, levels)], axis=1)
        mean = self._loads[self._catalogs].sum(axis=0) / self._n_batches
        dealt_loads = np.array([self._loads[group].sum(axis=0) for group in dealt])
        capacity = np.maximum((1 + SPARE) * mean, dealt_loads.max(axis=0))
        self.shape = Shape(
            rows=_round_up(capacity[0], _GRANULE),
            slots=_round_up(capacity[1], max(_GRANULE, 1 << levels)),
            catalogs=min(batch_size, len(self._catalogs)),
            top=int(read_length(n, levels).max()) >> levels,
        )

    def epoch(self, epoch: int) -> list[Batch]:
        """Return the batches of one epoch; the same for the same seed and epoch."""
        return [self._assemble(group, self.shape) for group in self.groups(epoch)]

    def groups(self, epoch: int) -> list[IntArray]:
        """Return the catalog indices of each batch of one epoch."""
        rng = generator(self._seed, "mixed batches", epoch)
        groups = np.array_split(rng.permutation(self._catalogs), self._n_batches)
        limit = np.array([self.shape.rows, self.shape.slots])
        loads = np.array([self._loads[group].sum(axis=0) for group in groups])
        for _ in range(_MAX_SWAPS):
            over = np.flatnonzero((loads > limit).any(axis=1))
            if not len(over):
                return groups
            full = int(over[0])
            roomy = np.flatnonzero((loads < limit).all(axis=1))
            if not len(roomy):
                break
            other = int(rng.choice(roomy))
            gain = self._loads[groups[full]][:, None] - self._loads[groups[other]][None]
            excess = (loads[full] - limit)[None, None]
            allowed = (gain <= limit - loads[other]).all(axis=2) & (gain >= 0).all(axis=2) & (gain > 0).any(axis=2)
            # a swap that mends the batch, else the one that takes most off it
            mends = np.argwhere(allowed & (gain >= excess).all(axis=2))
            if len(mends):
                i, j = mends[rng.integers(len(mends))]
            elif allowed.any():
                i, j = np.unravel_index(np.argmax(np.where(allowed, gain.sum(axis=2), -1)), allowed.shape)
            else:
                continue
            groups[full][i], groups[other][j] = groups[other][j], groups[full][i]
            loads[full] -= gain[i, j]
            loads[other] += gain[i, j]
        # too few catalogs, or too different ones, for chance: deal them by size
        dealt = self._serpentine()
        return [dealt[k] for k in rng.permutation(len(dealt))]


class IdenticalBatches(_Batches):
    """Batches of catalogs with equal numbers of clusters, in random order (section 3.1).

    Parameters
    ----------
    offset, catalogs, levels, seed : as in `MixedBatches`
    batch_size : at most so many catalogs in a batch; those of equal size are dealt anew in every epoch
    """

    def __init__(self, offset: IntArray, catalogs: IntArray, batch_size: int, levels: int, seed: int) -> None:
        super().__init__(offset, catalogs, batch_size, levels)
        self._seed = seed
        n = self._n_clusters[self._catalogs]
        self._equal = [self._catalogs[n == size] for size in np.unique(n)]
        self._top = int(read_length(n, levels).max()) >> levels

    def epoch(self, epoch: int) -> list[Batch]:
        """Return the batches of one epoch; the same for the same seed and epoch."""
        return [self._assemble(group, self._rung(group)) for group in self.groups(epoch)]

    def groups(self, epoch: int) -> list[IntArray]:
        """Return the catalog indices of each batch of one epoch."""
        rng = generator(self._seed, "identical batches", epoch)
        groups: list[IntArray] = []
        for equal in self._equal:
            groups += np.array_split(rng.permutation(equal), -(-len(equal) // self._batch_size))
        return [groups[k] for k in rng.permutation(len(groups))]

    def _rung(self, group: IntArray) -> Shape:
        need = int(slot_length(self._n_clusters[group], self._levels).sum())
        rung = np.ceil(np.log(max(need / _GRANULE, 1)) / np.log(LADDER))
        size = max(_round_up(_GRANULE * LADDER**rung, _GRANULE), _round_up(need, _GRANULE))
        return Shape(rows=size, slots=size, catalogs=self._batch_size, top=self._top)


def _round_up(value: float, granule: int) -> int:
    return granule * int(np.ceil(value / granule))


def _require_clusters(n: IntArray, catalogs: IntArray) -> None:
    if not n.all():
        raise ValueError(
            f"catalog {catalogs[np.argmin(n)]} has no clusters; the network needs at least one in each catalog"
        )
