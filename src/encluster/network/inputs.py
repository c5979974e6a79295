"""Network inputs made from mock catalogs: matrices, scaling and order (section 3.2, Fig. 6)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.column import Column
from encluster.network.feature_set import FeatureSet
from encluster.network.split import TESTING, TRAINING, require_distinct_labels, split_at_random
from encluster.randomness import generator
from encluster.types import FloatArray


@dataclass(frozen=True, kw_only=True)
class Variant:
    """Columns and order of the network's input (sections 3.2, 4.2; Appendix B).

    Parameters
    ----------
    matrix : tuple of str
        Names of the 2D input's groups of columns; pixels of a group share one linear scaling (section 3.2).
    supplementary : tuple of str
        Names of the supplementary columns.
    shuffled : bool, optional
        Whether rows are in random order instead of that of luminosity.
    constant : bool, optional
        Whether every pixel is 1; the network can then only use N_cluster.
    """

    matrix: tuple[str, ...] = ("log_temperature", "log_m_gas_shell", "gamma")
    supplementary: tuple[str, ...] = ("log_lx", "log_m_wl")
    shuffled: bool = False
    constant: bool = False


VARIANTS = {
    "standard": Variant(),
    "shuffled": Variant(shuffled=True),
    "no_wl": Variant(supplementary=("log_lx",)),
    "array_of_ones": Variant(constant=True),
    "prescriptive": Variant(
        matrix=("log_lx", "log_temperature", "log_m_gas", "log_y500", "log_m_wl"), supplementary=()
    ),
}


def build_features(
    mocks: ClusterCatalogs,
    *,
    seed: int,
    variant: str = "standard",
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    interval: Sequence[float] = (0.0, 1.0),
    scaling: Mapping[str, Sequence[float]] | None = None,
) -> FeatureSet:
    """Order clusters by luminosity, scale every group onto `interval`, and split the catalogs at random (section 3.2).

    Parameters
    ----------
    mocks : ClusterCatalogs
        Catalogs of the kind ``mocks``.
    seed : int
        Seed of the split, which does not depend on the variant, and of the order of shuffled rows.
    variant : str, optional
        A key of `VARIANTS`.
    fractions : Sequence[float], optional
        Training, validation and testing parts; they add up to 1.
    interval : Sequence[float], optional
        Range after scaling (decision D13).
    scaling : Mapping[str, Sequence[float]], optional
        For each group, the values that become the ends of `interval`; by default the extremes of the whole grid. A
        network that was trained on other mocks needs the scaling of its training.

    Returns
    -------
    FeatureSet
        Features of the same catalogs; each column of its matrix has its quantity and its radius [R500c].

    Raises
    ------
    ValueError
        If the variant is unknown, the fractions do not add up to 1, a part has no catalog, a value is not finite, all
        clusters have the same value, or the training set has too few distinct values of sigma8.
    """
    if variant not in VARIANTS:
        raise ValueError(f"features: variant {variant!r} is not known; there are {', '.join(VARIANTS)}")
    read = VARIANTS[variant]
    # the brightest at the bottom of each matrix, as in Fig. 6
    key = generator(seed, "shuffled rows").random(len(mocks.owner)) if read.shuffled else mocks["log_lx"]
    order = np.lexsort((key, mocks.owner))
    limits = {} if scaling is None else {name: (float(low), float(high)) for name, (low, high) in scaling.items()}
    low, high = (float(end) for end in interval)

    def scaled(name: str, values: np.ndarray) -> np.ndarray:
        if not np.isfinite(values).all():
            row = np.argwhere(~np.isfinite(values))[0, 0]
            raise ValueError(f"features: {name} is {values[row]} in row {row}, expected a number; make the mocks again")
        if name not in limits:
            limits[name] = (float(values.min()), float(values.max()))
            if scaling is None and limits[name][0] == limits[name][1]:
                raise ValueError(f"features: {name} is {limits[name][0]:g} in all rows; a network cannot learn from it")
        return _scaled(values, limits[name], (low, high)).astype(np.float32)

    def columns(names: tuple[str, ...]) -> Column:
        values: list[FloatArray] = [np.empty((len(order), 0), np.float32)]
        radii: list[FloatArray] = [np.empty(0)]
        quantities: list[str] = []
        for name in names:
            group = mocks.clusters[name]
            pixels = group.values[order].reshape(len(order), -1)
            width = pixels.shape[1]
            values.append(np.ones_like(pixels) if read.constant else scaled(name, pixels))
            radii.append(np.full(width, np.nan) if group.radii is None else group.radii)
            quantities += [name] * width
        joined = np.concatenate(values, axis=1, dtype=np.float32)
        return Column(values=joined, radii=np.concatenate(radii), quantities=tuple(quantities))

    sigma8 = mocks.catalog("sigma8")
    split = split_at_random(len(sigma8), fractions, seed)
    if scaling is None:
        require_distinct_labels(sigma8[split == TRAINING])
    return FeatureSet.made(
        matrix=columns(read.matrix),
        supplementary=columns(read.supplementary),
        cluster=order,
        sigma8=sigma8,
        label=scaled("sigma8", sigma8),
        split=split,
        offset=mocks.offset,
        source=mocks.source,
        scaling=limits,
        interval=(low, high),
        variant=variant,
        seed=seed,
        fractions=[float(part) for part in fractions],
        mocks=fingerprint(mocks),
    )


def with_permuted_labels(features: FeatureSet, *, seed: int) -> FeatureSet:
    """Permute the labels among the catalogs of the training and validation sets; those of the testing set stay.

    A network that is trained on them can only learn what does not depend on sigma8. Its explanations are compared with
    those of a network with true labels (Adebayo et al. 2018).

    Parameters
    ----------
    features : FeatureSet
        Features with true labels.
    seed : int
        Seed of the permutation.

    Returns
    -------
    FeatureSet
        The same features with other values of ``sigma8`` and ``label``.
    """
    seen = np.flatnonzero(features.split != TESTING)
    source = np.arange(len(features))
    source[seen] = generator(seed, "permuted labels").permutation(seen)
    return features.with_columns(sigma8=features.sigma8[source], label=features.label[source])


def fingerprint(mocks: ClusterCatalogs) -> str:
    """Return the sha256 of all numbers of mock catalogs; equal for equal catalogs.

    The sum includes all columns, because mocks of two simulations may have the same masses.

    Parameters
    ----------
    mocks : ClusterCatalogs
        Catalogs of any kind.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    arrays = {f"clusters/{name}": column.values for name, column in mocks.clusters.items()}
    arrays |= {f"catalogs/{name}": column.values for name, column in mocks.catalogs.items()}
    arrays["catalogs/offset"] = mocks.offset
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()


def _scaled(values: Any, limits: tuple[float, float], interval: tuple[float, float]) -> Any:
    width = limits[1] - limits[0]
    return interval[0] + (values - limits[0]) * ((interval[1] - interval[0]) / width if width else 0.0)
