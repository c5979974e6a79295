"""Batches of catalogs of any size in arrays of one fixed shape: the slotted form.

The encoder reads the packed clusters of a batch, one row each. The CNN reads one long sequence in which each catalog
starts at a multiple of 2**levels rows, so that no pooled pair of rows contains rows of two catalogs. At least two zero
rows separate neighbors at every level, so that the zero padding of each convolution (one row before, two after) is the
same as for a single catalog. Index tables assign rows to catalogs.

Keras pools pairs and drops an odd last row, so that `n` rows become n // 2**levels: none if n < 2**levels. A catalog
with fewer rows is filled with zero rows up to 2**levels, in agreement with the zero padding of the convolution.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from encluster.randomness import generator
from encluster.types import IntArray

# Relative room above the mean load of a batch; a smaller value needs more swaps, a larger one computes more padding.
SPARE = 0.03
# Factor between sizes of the arrays for batches of equal N: few shapes to compile, 12 % padding on average.
LADDER = 1.25
_GRANULE = 64
_MAX_SWAPS = 20_000


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Fixed sizes of the arrays of a batch.

    Parameters
    ----------
    rows : int
        Number T of packed clusters.
    slots : int
        Number C of rows of the CNN's long sequence.
    catalogs : int
        Number B of catalogs.
    top : int
        Number K of rows per catalog after the last pooling.
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
    rows : IntArray
        (T,) row of the feature matrix in each packed row.
    slots : IntArray
        (C, 3) for each row of the long sequence: packed row or -1 for zeros, place in its catalog, catalog's length.
    top : IntArray
        (B, K) rows after the last pooling that belong to each catalog; -1 if there are fewer than K.
    catalogs : IntArray
        (B,) index of each catalog; 0 in unused places.
    weight : ndarray
        (B,) 1 for a catalog, 0 for an unused place.
    """

    rows: IntArray
    slots: IntArray
    top: IntArray
    catalogs: IntArray
    weight: np.ndarray

    @property
    def tables(self) -> tuple[np.ndarray, ...]:
        """All five tables, in this order."""
        return self.rows, self.slots, self.top, self.catalogs, self.weight


def read_length(n: IntArray, levels: int) -> IntArray:
    """Return the number of rows that the CNN reads.

    Parameters
    ----------
    n : IntArray
        Number of clusters of each catalog.
    levels : int
        Number of poolings.

    Returns
    -------
    IntArray
        Number of clusters, but at least 2**levels.
    """
    return np.maximum(n, 1 << levels)


def slot_length(n: IntArray, levels: int) -> IntArray:
    """Return the number of rows of the long sequence that each catalog needs.

    Parameters
    ----------
    n : IntArray
        Number of clusters of each catalog.
    levels : int
        Number of poolings.

    Returns
    -------
    IntArray
        Multiples of 2**levels, with at least two zero rows between neighbors at every level.
    """
    last = read_length(n, levels) >> (levels - 1)
    return (1 << levels) * ((last + 3) // 2)


def shape_for(groups: Sequence[IntArray], n_clusters: IntArray, levels: int, catalogs: int | None = None) -> Shape:
    """Return the smallest (rounded up) shape that holds each group of catalogs.

    Parameters
    ----------
    groups : sequence of IntArray
        Indices of the catalogs in each group.
    n_clusters : IntArray
        (n_catalogs,) number of clusters of all catalogs.
    levels : int
        Number of poolings.
    catalogs : int, optional
        Number of catalogs in the shape; by default that of the largest group.

    Returns
    -------
    Shape
        Sizes of the arrays.
    """
    n_slots = slot_length(n_clusters, levels)
    return Shape(
        rows=_round_up(max(int(n_clusters[group].sum()) for group in groups), _GRANULE),
        slots=_round_up(max(int(n_slots[group].sum()) for group in groups), max(_GRANULE, 1 << levels)),
        catalogs=catalogs or max(len(group) for group in groups),
        top=int(max(read_length(n_clusters[group], levels).max() for group in groups)) >> levels,
    )


def assemble(rows: Sequence[IntArray], catalogs: IntArray, shape: Shape, levels: int) -> Batch:
    """Place catalogs one after another in a batch.

    Parameters
    ----------
    rows : sequence of IntArray
        For each catalog, its rows of the feature matrix, in order.
    catalogs : IntArray
        (b,) indices of the catalogs, b <= shape.catalogs.
    shape : Shape
        Sizes of the arrays.
    levels : int
        Number of poolings.

    Returns
    -------
    Batch
        Index tables.

    Raises
    ------
    ValueError
        If a catalog has no clusters, or the catalogs do not fit into the shape.
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
    # An unused place reads row 0: its value has no weight, but must be finite, unlike the maximum of an empty list.
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
    """Base class of the batches: rows of each catalog, and their layout."""

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
        """Distribute catalogs, sorted by size, in alternating direction over the batches, which gives similar loads."""
        order = self._catalogs[np.argsort(self._n_clusters[self._catalogs], kind="stable")[::-1]]
        n_batches = -(-len(order) // self._batch_size)
        turn, step = np.divmod(np.arange(len(order)), n_batches)
        batch = np.where(turn % 2, n_batches - 1 - step, step)
        return [order[batch == b] for b in range(n_batches)]


class FixedBatches(_Batches):
    """Batches for prediction: every catalog once, in one shape.

    Parameters
    ----------
    offset, catalogs : IntArray
        (n_catalogs + 1,) first row of each catalog, and indices of the catalogs to use.
    batch_size : int
        Largest number of catalogs per batch.
    levels : int
        Number of poolings.
    """

    def __init__(self, offset: IntArray, catalogs: IntArray, batch_size: int, levels: int) -> None:
        super().__init__(offset, catalogs, batch_size, levels)
        self._groups = self._serpentine()
        self.shape = shape_for(self._groups, self._n_clusters, levels)

    def __iter__(self) -> Iterator[Batch]:
        """Yield the batches, always the same."""
        return (self._assemble(group, self.shape) for group in self._groups)


class MixedBatches(_Batches):
    """Random batches in one shape: shuffled, then changed by swaps until each batch fits.

    Parameters
    ----------
    offset, catalogs : IntArray
        (n_catalogs + 1,) first row of each catalog, and indices of the catalogs to use.
    batch_size : int
        Number of catalogs per batch; batches have this size or one less, so that no small batch remains.
    levels : int
        Number of poolings.
    seed : int
        Seed of the shuffling.
    """

    def __init__(self, offset: IntArray, catalogs: IntArray, batch_size: int, levels: int, seed: int) -> None:
        super().__init__(offset, catalogs, batch_size, levels)
        self._seed = seed
        dealt = self._serpentine()
        self._n_batches = len(dealt)
        n = self._n_clusters[self._catalogs]
        # in both measures (clusters, slots) at least the need of the serpentine, so that a solution always exists
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
        """Return the batches of an epoch, numbered from 1; they depend only on the seed and the epoch."""
        return [self._assemble(group, self.shape) for group in self.groups(epoch)]

    def groups(self, epoch: int) -> list[IntArray]:
        """Return the catalog indices of each batch of an epoch."""
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
            # a swap after which the batch fits, or else the swap that reduces its load most
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
        # random swaps fail for few or very different catalogs: use the serpentine
        dealt = self._serpentine()
        return [dealt[k] for k in rng.permutation(len(dealt))]


class IdenticalBatches(_Batches):
    """Batches of catalogs with equal numbers of clusters, in random order (section 3.1).

    Parameters
    ----------
    offset, catalogs : IntArray
        (n_catalogs + 1,) first row of each catalog, and indices of the catalogs to use.
    batch_size : int
        Largest number of catalogs in a batch; those of equal size are distributed anew in every epoch.
    levels : int
        Number of poolings.
    seed : int
        Seed of the shuffling.
    """

    def __init__(self, offset: IntArray, catalogs: IntArray, batch_size: int, levels: int, seed: int) -> None:
        super().__init__(offset, catalogs, batch_size, levels)
        self._seed = seed
        n = self._n_clusters[self._catalogs]
        self._equal = [self._catalogs[n == size] for size in np.unique(n)]
        self._top = int(read_length(n, levels).max()) >> levels

    def epoch(self, epoch: int) -> list[Batch]:
        """Return the batches of an epoch, numbered from 1; they depend only on the seed and the epoch."""
        return [self._assemble(group, self._rung(group)) for group in self.groups(epoch)]

    def groups(self, epoch: int) -> list[IntArray]:
        """Return the catalog indices of each batch of an epoch."""
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
