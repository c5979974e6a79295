"""Random generators: the same on every machine, independent of each other."""

import numpy as np
import pytest

from encluster.randomness import generator


def test_the_same_arguments_give_the_same_numbers() -> None:
    np.testing.assert_array_equal(generator(1, "mocks", 3).random(5), generator(1, "mocks", 3).random(5))


def test_the_stream_is_frozen() -> None:
    # typed once: results of earlier versions can be made again only while these stay
    assert generator(2021, "mocks", 0).integers(0, 1000, 4).tolist() == [113, 537, 458, 960]


@pytest.mark.parametrize(
    "other", [(2, "mocks", 3), (1, "photons", 3), (1, "mocks", 4), (1, "mocks"), (1, "mocks", 3, 1), (1, "mocks", 3, 0)]
)
def test_another_purpose_or_item_is_independent(other: tuple) -> None:
    one, two = generator(1, "mocks", 3).standard_normal(4000), generator(*other).standard_normal(4000)
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.06  # 4 sigma


def test_neighboring_seeds_are_not_shifted_copies() -> None:
    one, two = generator(1, "mocks", 1).random(100), generator(1, "mocks", 2).random(100)
    assert not np.intersect1d(one, two).size


def test_negative_items_are_refused() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        generator(1, "mocks", -1)
