"""Split of the catalogs into a training, a validation and a testing set (section 3.2)."""

from collections.abc import Sequence

import numpy as np

from encluster.network.settings import FEWEST_LABELS
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

TRAINING, VALIDATION, TESTING = 0, 1, 2


def split_at_random(n: int, fractions: Sequence[float], seed: int) -> IntArray:
    """Return the part of each catalog in a random split (section 3.2).

    Parameters
    ----------
    n : int
        Number of catalogs.
    fractions : Sequence[float]
        Training, validation and testing parts; they add up to 1.
    seed : int
        Seed of the split.

    Returns
    -------
    IntArray
        (n,) TRAINING, VALIDATION or TESTING for each catalog.

    Raises
    ------
    ValueError
        If the fractions are not positive or do not add up to 1, or a part would be empty.
    """
    if abs(sum(fractions) - 1) > 1e-9 or min(fractions) <= 0:
        raise ValueError(f"features: fractions {fractions} must be positive and add up to 1")
    n_validation, n_testing = round(n * fractions[1]), round(n * fractions[2])
    if min(n_validation, n_testing, n - n_validation - n_testing) < 1:
        raise ValueError(f"features: {n} catalogs cannot be split as {fractions}; each part needs at least one")
    split = np.full(n, TRAINING, np.uint8)
    shuffled = generator(seed, "split").permutation(n)
    split[shuffled[:n_validation]] = VALIDATION
    split[shuffled[n_validation : n_validation + n_testing]] = TESTING
    return split


def require_distinct_labels(sigma8: FloatArray) -> None:
    """Check that a training set has enough distinct labels.

    Parameters
    ----------
    sigma8 : FloatArray
        (n_training,) sigma8 of the training catalogs.

    Raises
    ------
    ValueError
        If a value is not finite, or there are too few distinct values.
    """
    if not np.isfinite(sigma8).all():
        raise ValueError(
            f"features: sigma8 is {sigma8[~np.isfinite(sigma8)][0]} in the training set, expected a number"
        )
    distinct = len(np.unique(sigma8))
    if distinct < FEWEST_LABELS:
        raise ValueError(
            f"features: the training set of {len(sigma8)} catalogs has {distinct} distinct value"
            f"{'s' if distinct > 1 else ''} of sigma8; a network needs at least {FEWEST_LABELS} to learn from"
        )
