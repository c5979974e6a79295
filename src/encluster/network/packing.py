"""Catalogs of any size in arrays of one fixed shape: the slotted form.

The encoder reads the packed clusters of a batch, one row each. The CNN reads one long sequence in which each catalog
starts at a multiple of 2**levels rows, so that no pooled pair of rows contains rows of two catalogs. At least two zero
rows separate neighbors at every level, so that the zero padding of each convolution (one row before, two after) is the
same as for a single catalog. Index tables assign rows to catalogs.

Keras pools pairs and drops an odd last row, so that `n` rows become n // 2**levels: none if n < 2**levels. A catalog
with fewer rows is filled with zero rows up to 2**levels, in agreement with the zero padding of the convolution.
"""

from dataclasses import dataclass

import numpy as np

from encluster.types import IntArray


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


def assemble(packed: IntArray, n: IntArray, catalogs: IntArray, shape: Shape, levels: int) -> Batch:
    """Place catalogs one after another in a batch.

    Parameters
    ----------
    packed : IntArray
        (T,) row of the feature matrix in each packed row, catalog by catalog.
    n : IntArray
        (b,) number of clusters of each catalog, at least one.
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
        If the catalogs do not fit into the shape.
    """
    own, length = slot_length(n, levels), read_length(n, levels)
    if len(n) > shape.catalogs or n.sum() > shape.rows or own.sum() > shape.slots or length.max() >> levels > shape.top:
        raise ValueError(f"{len(n)} catalogs of {n.sum()} clusters do not fit into {shape}")
    first, start, used = np.cumsum(n) - n, np.cumsum(own) - own, int(own.sum())
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
