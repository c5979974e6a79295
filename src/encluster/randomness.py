"""Random generators keyed by what they are for, so that no result depends on chunks, cores or order."""

import zlib

import numpy as np


def generator(seed: int, purpose: str, *keys: int) -> np.random.Generator:
    """Return the generator for one purpose and one item.

    Parameters
    ----------
    seed : the configuration's seed
    purpose : what is drawn, for example ``"mocks"``
    keys : the item, for example a catalog's index or a cluster's id; non-negative

    Returns
    -------
    numpy.random.Generator : the same for the same arguments, on every machine; independent otherwise
    """
    # the number of keys goes in too: NumPy pads with zeros, which would make key 0 the same as no key
    return np.random.default_rng([seed, zlib.crc32(purpose.encode()), len(keys), *keys])
