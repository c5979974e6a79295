"""The slotted form: rows of each catalog at a multiple of 2**levels, with zero rows between neighbors."""

import numpy as np
import pytest

from encluster.network.packing import Shape, assemble, slot_length


def test_slots_are_as_long_as_the_poolings_need() -> None:
    np.testing.assert_array_equal(
        slot_length(np.array([1, 15, 16, 17, 31, 100, 346]), 4), [32, 32, 32, 32, 48, 112, 368]
    )


def test_index_tables_of_two_small_catalogs() -> None:
    """Typed by hand: one level; a catalog of one cluster, filled with a zero row, and one of three clusters."""
    shape = Shape(rows=5, slots=12, catalogs=3, top=2)
    batch = assemble(np.array([7, 2, 3, 4, 0]), np.array([1, 3]), np.array([5, 1]), shape, 1)
    np.testing.assert_array_equal(batch.rows, [7, 2, 3, 4, 0])
    np.testing.assert_array_equal(batch.slots[:, 0], [0, -1, -1, -1, 1, 2, 3, -1, -1, -1, -1, -1])
    np.testing.assert_array_equal(batch.slots[:, 1], [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 0, 0])
    np.testing.assert_array_equal(batch.slots[:, 2], [2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 0, 0])
    np.testing.assert_array_equal(batch.top, [[0, -1], [2, -1], [0, -1]])
    np.testing.assert_array_equal(batch.catalogs, [5, 1, 0])
    np.testing.assert_array_equal(batch.weight, [1, 1, 0])


@pytest.mark.parametrize("too_small", [{"rows": 3}, {"slots": 9}, {"catalogs": 1}, {"top": 0}])
def test_catalogs_that_do_not_fit_are_an_error(too_small: dict[str, int]) -> None:
    shape = Shape(**{"rows": 4, "slots": 10, "catalogs": 2, "top": 1} | too_small)
    with pytest.raises(ValueError, match="2 catalogs of 4 clusters do not fit into"):
        assemble(np.arange(4), np.array([1, 3]), np.array([0, 1]), shape, 1)
