"""Random generators keyed by purpose and item, so that no result depends on chunks, cores or order."""

import zlib

import numpy as np


def generator(seed: int, purpose: str, *keys: int) -> np.random.Generator:
    """Return the random generator for one purpose and one item.

    Parameters
    ----------
    seed : int
        Seed of the configuration.
    purpose : str
        Purpose of the numbers, for example ``"mocks"``.
    *keys : int
        Non-negative numbers of the item, for example a catalog's index or a cluster's id.

    Returns
    -------
    numpy.random.Generator
        The same generator for the same arguments on every machine; independent for other arguments.
    """
    # the number of keys is included, because NumPy pads with zeros: otherwise key 0 would equal no key
    return np.random.default_rng([seed, zlib.crc32(purpose.encode()), len(keys), *keys])
