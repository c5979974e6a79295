"""Leave-one-out predictions (section 5.1, Fig. 9): sigma8 of a catalog without each of its clusters in turn, exactly.

Terse values are computed once; only the CNN reads the shorter lists. Each row after the last pooling of the CNN depends
on a window of the list. If the window ends before the removed cluster, the row equals that of the whole catalog. If
the window begins behind the removed cluster, the row equals that of the catalog without its first cluster, in which
these clusters have the same positions. Only the other rows are new: about four, for any size of the catalog. Therefore
each removal needs only the clusters near the removed one, in the slotted form of `encluster.network.packing`, and the
global maximum takes all other rows from those two catalogs.
"""

from collections.abc import Iterator

import keras
import numpy as np

from encluster.network.compiled import compiled
from encluster.network.feature_set import FeatureSet
from encluster.network.model import levels_of, terse_values
from encluster.network.packing import read_length
from encluster.types import FloatArray, IntArray

_CLUSTERS = 512  # removed in one call, which limits the memory
# Blocks of 2**levels clusters added before and behind those of the new rows: a convolution reads one row before and two
# rows ahead, so that this number of rows is wrong at the ends of a cut list.
_BACK, _AHEAD = 1, 2


def leave_one_out(model: keras.Model, features: FeatureSet, indices: IntArray) -> FloatArray:
    """Return the predictions of a trained network for catalogs without one of their clusters.

    The cluster is removed from the 2D input and from the supplementary data.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`.
    features : FeatureSet
        Inputs and scaling.
    indices : IntArray
        (m,) indices of catalogs.

    Returns
    -------
    FloatArray
        (n_rows,) sigma8 (not scaled) without each cluster of these catalogs, one catalog after another; NaN for the
        only cluster of a catalog.
    """
    n = features.n_clusters[indices]
    begin = np.cumsum(n) - n
    rows = features.rows(indices)
    terse = terse_values(model, features.matrix[rows])[:, None]
    supplementary = features.supplementary[rows]
    read, levels = compiled(model.get_layer("aggregator")), levels_of(model)
    groups = _groups(n)

    def layouts() -> Iterator[tuple[IntArray, IntArray, IntArray]]:
        width = int(read_length(n.max(initial=0), levels)) >> levels
        return (_lay_out(begin[group], n[group], levels, width) for group in groups)

    # one shape for all calls: JAX compiles each new shape
    n_slots, n_lists = np.max([(0, 0), *((len(slots), len(top)) for _, slots, top in layouts())], axis=0)
    label = np.full(len(rows), np.nan)
    for removed, slots, top in layouts():
        slots = np.pad(slots, ((0, n_slots - len(slots)), (0, 0)), constant_values=-1)
        output = read([terse, supplementary, slots, np.pad(top, ((0, n_lists - len(top)), (0, 0)))])
        some = removed >= 0
        label[removed[some]] = output[: len(removed), 0][some]
    label[begin[n == 1]] = np.nan
    return np.asarray(features.to_sigma8(label))


def _groups(n: IntArray) -> list[IntArray]:
    """Distribute catalogs, the largest first, each to the group with the fewest clusters."""
    load = np.zeros(-(-int(n.sum()) // _CLUSTERS), int)
    group = np.zeros(len(n), int)
    for k in np.argsort(-n, kind="stable"):
        group[k] = load.argmin()
        load[group[k]] += n[k]
    return [np.flatnonzero(group == g) for g in np.unique(group)]


def _lay_out(begin: IntArray, n: IntArray, levels: int, width: int) -> tuple[IntArray, IntArray, IntArray]:
    """Lay out the lists without one cluster; each catalog's whole list follows its shorter lists.

    Parameters
    ----------
    begin, n : IntArray
        (b,) first row and number of clusters of each catalog.
    levels : int
        Number of poolings.
    width : int
        K, at least the number of last rows of any list.

    Returns
    -------
    removed : IntArray
        (B,) the row that is missing in each list; -1 for none.
    slots, top : IntArray
        (C, 3), (B, K) as in `encluster.network.packing.Batch`.
    """
    block = 1 << levels
    owner = np.repeat(np.arange(len(n)), n + 1)
    own = np.arange(len(owner))
    whole = (np.cumsum(n + 1) - 1)[owner]
    headless = whole - n[owner]
    place = own - headless
    length = n[owner] - (own != whole)
    read = read_length(length, levels)
    # last row k sees places block * k - reach to block * k + 3 * reach; rows first to end see the removed one
    reach = block - 1
    entire = (own == whole) | (own == headless)
    first = np.where(entire, 0, np.maximum((place - 2 * reach) // block, 0))
    end = np.where(entire, read // block, np.minimum((place + 2 * reach) // block, read // block))

    blocks = end - first + _BACK + _AHEAD
    start = np.cumsum(blocks) - blocks
    of = np.repeat(own, blocks * block)
    at = np.arange(len(of)) + (block * (first - _BACK - start))[of]
    source = begin[owner][of] + at + (at >= place[of])
    inside = (at >= 0) & (at < length[of])
    # rows before the list are masked like those behind it
    slots = np.stack([np.where(inside, source, -1), np.where(at < 0, read[of], at), read[of]], axis=1)

    k = np.arange(width)
    taken = np.where(k < first[:, None], whole[:, None], np.where(k < end[:, None], own[:, None], headless[:, None]))
    top = np.where(k < (read // block)[:, None], (start + _BACK - first)[taken] + k, -1)
    removed = np.where(own == whole, -1, begin[owner] + place)
    return removed, slots.astype(np.int32), top.astype(np.int32)
