"""Small made-up catalogues for tests of the network and its training."""

import numpy as np

from encluster.features import FeatureSet


def made_up_features(sizes: list[int], *, seed: int = 0, width: int = 15) -> FeatureSet:
    """Catalogues of these sizes whose rows shift with their label; four in six train."""
    rng = np.random.default_rng(seed)
    label = rng.random(len(sizes)).astype(np.float32)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    matrix = 0.5 * rng.random((len(owner), width)) + 0.5 * label[owner, None]
    supplementary = 0.7 * rng.random((len(owner), 2)) + 0.3 * label[owner, None]
    return FeatureSet(
        matrix=matrix.astype(np.float32),
        supplementary=supplementary.astype(np.float32),
        offset=np.concatenate([[0], np.cumsum(sizes)]),
        sigma8=0.7 + 0.22 * label.astype(np.float64),
        label=label,
        cluster=np.arange(len(owner)),
        split=np.array([0, 0, 1, 0, 2, 0] * len(sizes), np.uint8)[: len(sizes)],
        scaling={"sigma8": (0.70, 0.92)},
        source="made up",
    )
