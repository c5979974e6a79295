"""The network's input as one object: scaled matrices, labels, split, and the recipe that made them (section 3.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.types import FloatArray, IntArray

_SCALING = "scaling_"  # prefix of attributes in files


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


def _unscaled(values: Any, limits: tuple[float, float], interval: tuple[float, float]) -> Any:
    return limits[0] + (values - interval[0]) * ((limits[1] - limits[0]) / (interval[1] - interval[0]))
