"""Batches of catalogs in the slotted form of `encluster.network.packing`: for prediction, random, or of equal size."""

from collections.abc import Iterator

import numpy as np

from encluster.network.packing import Batch, Shape, assemble, read_length, slot_length
from encluster.randomness import generator
from encluster.types import IntArray

# Relative room above the mean load of a batch; a smaller value needs more swaps, a larger one computes more padding.
SPARE = 0.03
# Factor between sizes of the arrays for batches of equal N: few shapes to compile, 12 % padding on average.
LADDER = 1.25
_GRANULE = 64
_MAX_SWAPS = 20_000


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
        n = self._n_clusters[self._catalogs]
        if not n.all():
            empty = self._catalogs[np.argmin(n)]
            raise ValueError(f"catalog {empty} has no clusters; the network needs at least one in each catalog")

    def _assemble(self, group: IntArray, shape: Shape) -> Batch:
        n = self._n_clusters[group]
        packed = np.zeros(shape.rows, np.int32)
        packed[: n.sum()] = np.arange(n.sum()) + np.repeat(self._offset[group] - (np.cumsum(n) - n), n)
        return assemble(packed, n, group, shape, self._levels)

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
        n_slots = slot_length(self._n_clusters, levels)
        self.shape = Shape(
            rows=_round_up(max(int(self._n_clusters[group].sum()) for group in self._groups), _GRANULE),
            slots=_round_up(max(int(n_slots[group].sum()) for group in self._groups), max(_GRANULE, 1 << levels)),
            catalogs=max(len(group) for group in self._groups),
            top=int(read_length(self._n_clusters[self._catalogs], levels).max()) >> levels,
        )

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
