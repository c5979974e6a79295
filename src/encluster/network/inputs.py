"""Network inputs made from mock catalogs: matrices, scaling and order (section 3.2, Fig. 6)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.column import Column
from encluster.network.split import TESTING, TRAINING, require_distinct_labels, split_at_random
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

_SCALING = "scaling_"  # prefix of attributes in files


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


@dataclass(frozen=True, kw_only=True, eq=False)
class FeatureSet(ClusterCatalogs):
    """Network inputs and labels of many catalogs, in the layout ``features``.

    Its columns of clusters are ``matrix`` (n, w), ``supplementary`` (n, s) and ``cluster``, the row among the clusters
    of the mocks; w = 15 and s = 2 for ``standard``. Its columns of catalogs are ``sigma8``, ``label`` (the scaled
    sigma8) and ``split``. Its attributes describe how it was made; see `FeatureSet.made`.
    """

    @classmethod
    def made(
        cls,
        *,
        offset: IntArray,
        source: str,
        scaling: Mapping[str, tuple[float, float]],
        interval: tuple[float, float] = (0.0, 1.0),
        variant: str = "standard",
        seed: int = 0,
        fractions: Sequence[float] = (0.8, 0.1, 0.1),
        mocks: str = "",
        **columns: Any,
    ) -> "FeatureSet":
        """Return a feature set made from its columns.

        Parameters
        ----------
        offset : IntArray
            (n_catalogs + 1,) catalog c owns rows offset[c]:offset[c + 1].
        source : str
            The simulation that the numbers come from.
        scaling : Mapping[str, tuple[float, float]]
            For each group of pixels, the values (low, high) that were scaled onto `interval`.
        interval : tuple[float, float], optional
            Scaled values of low and high, (0, 1) by decision D13.
        variant : str, optional
            A key of `VARIANTS`.
        seed : int, optional
            Seed of the split.
        fractions : Sequence[float], optional
            Training, validation and testing parts of the catalogs.
        mocks : str, optional
            Result of `fingerprint` for the mock catalogs; empty if unknown.
        **columns : Any
            Columns of the layout ``features``, as in `ClusterCatalogs.of`.

        Returns
        -------
        FeatureSet
            The feature set.
        """
        made = dict(interval=interval, variant=variant, seed=seed, fractions=fractions, source=source, mocks=mocks)
        limits = {f"{_SCALING}{name}": limits for name, limits in scaling.items()}
        return cls.of("features", columns, offset=offset, attributes=limits | made)

    @property
    def matrix(self) -> FloatArray:
        """(n_rows, w) scaled 2D input."""
        return self["matrix"]

    @property
    def supplementary(self) -> FloatArray:
        """(n_rows, s) scaled supplementary data."""
        return self["supplementary"]

    @property
    def cluster(self) -> IntArray:
        """(n_rows,) index of each row among the clusters of the mocks."""
        return self["cluster"]

    @property
    def sigma8(self) -> FloatArray:
        """(n_catalogs,) sigma8, the label before scaling."""
        return self.catalog("sigma8")

    @property
    def label(self) -> FloatArray:
        """(n_catalogs,) scaled label."""
        return self.catalog("label")

    @property
    def split(self) -> IntArray:
        """(n_catalogs,) part of each catalog: 0 training, 1 validation, 2 testing."""
        return self.catalog("split")

    @cached_property
    def scaling(self) -> dict[str, tuple[float, float]]:
        """For each group of pixels, and for sigma8, the values (low, high) that were scaled onto the interval."""
        return {
            name.removeprefix(_SCALING): (float(limits[0]), float(limits[1]))
            for name, limits in self.attributes.items()
            if name.startswith(_SCALING)
        }

    @property
    def interval(self) -> tuple[float, float]:
        """Scaled values of low and high."""
        low, high = self.attributes["interval"]
        return float(low), float(high)

    @property
    def variant(self) -> str:
        """The variant, a key of `VARIANTS`."""
        return str(self.attributes["variant"])

    @property
    def mocks(self) -> str:
        """Result of `fingerprint` for the mock catalogs; empty if unknown."""
        return str(self.attributes["mocks"])

    @property
    def recipe(self) -> dict[str, Any]:
        """Arguments of `build_features` that make the same features from the mocks again; plain data."""
        return {
            "variant": self.variant,
            "seed": int(self.attributes["seed"]),
            "scaling": {name: list(limits) for name, limits in self.scaling.items()},
            "interval": list(self.interval),
            "fractions": [float(part) for part in self.attributes["fractions"]],
        }

    def to_sigma8(self, label: Any) -> Any:
        """Undo the scaling of the label.

        Parameters
        ----------
        label : float or FloatArray
            Scaled labels of any shape.

        Returns
        -------
        float or FloatArray
            Values of sigma8, in the same shape.
        """
        return _unscaled(label, self.scaling["sigma8"], self.interval)

    def indices(self, split: int) -> IntArray:
        """Return the ascending indices of the catalogs in one part of the split, (m,).

        Parameters
        ----------
        split : int
            One of TRAINING, VALIDATION and TESTING.

        Returns
        -------
        IntArray
            (m,) ascending indices.
        """
        return np.flatnonzero(self.split == split)


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


def _unscaled(values: Any, limits: tuple[float, float], interval: tuple[float, float]) -> Any:
    return limits[0] + (values - interval[0]) * ((limits[1] - limits[0]) / (interval[1] - interval[0]))
