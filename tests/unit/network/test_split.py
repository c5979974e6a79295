"""The split: exact sizes, random, repeatable."""

import numpy as np
import pytest

from encluster.network.split import TESTING, TRAINING, VALIDATION, split_at_random


def test_split_has_exact_sizes_is_random_and_repeats() -> None:
    split = split_at_random(40, (0.8, 0.1, 0.1), 1)
    assert [(split == part).sum() for part in (TRAINING, VALIDATION, TESTING)] == [32, 4, 4]
    np.testing.assert_array_equal(split, split_at_random(40, (0.8, 0.1, 0.1), 1))
    assert (split != split_at_random(40, (0.8, 0.1, 0.1), 2)).any()


@pytest.mark.parametrize("fractions", [(0.8, 0.1, 0.2), (1.0, 0.0, 0.0), (0.98, 0.01, 0.01)])
def test_impossible_splits_are_errors(fractions: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="features:"):
        split_at_random(40, fractions, 1)
