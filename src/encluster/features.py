"""From mock catalogues to what the network reads: matrices, scaling, order and split (section 3.2, Fig. 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encluster import storage
from encluster.seeds import generator
from encluster.types import FloatArray, IntArray

TRAINING, VALIDATION, TESTING = 0, 1, 2
# Pixels with one physical meaning share one linear scaling (section 3.2): group -> columns of the matrix.
GROUPS = {"log_temperature": slice(0, 1), "log_m_gas_shell": slice(1, 8), "gamma": slice(8, 15)}
WIDTH = 15
SUPPLEMENTARY = ("log_lx", "log_m_wl")


@dataclass(frozen=True, kw_only=True)
class FeatureSet:
    """Network inputs and labels of many catalogues; the rows (clusters) of one catalogue are adjacent.

    Parameters
    ----------
    matrix : (n_rows, 15) log T, log M_gas in seven shells, gamma at seven radii; scaled
    supplementary : (n_rows, 2) log L_X and log M_WL; scaled
    offset : (n_catalogues + 1,) catalogue c owns rows offset[c]:offset[c + 1]
    sigma8 : (n_catalogues,) the label in its own unit
    label : (n_catalogues,) the label, scaled
    split : (n_catalogues,) 0 training, 1 validation, 2 testing
    scaling : per group, the (low, high) that were scaled onto `interval`
    interval : what low and high became, (0, 1) by decision D13
    source : which simulation made the numbers
    """

    matrix: FloatArray
    supplementary: FloatArray
    offset: IntArray
    sigma8: FloatArray
    label: FloatArray
    split: IntArray
    scaling: Mapping[str, tuple[float, float]]
    interval: tuple[float, float] = (0.0, 1.0)
    source: str

    def __len__(self) -> int:
        """Return the number of catalogues."""
        return len(self.sigma8)

    @property
    def n_clusters(self) -> IntArray:
        """(n_catalogues,) clusters per catalogue."""
        return np.diff(self.offset)

    @property
    def label_scale(self) -> tuple[float, float]:
        """sigma8 at label 0 and at label 1."""
        return self.to_sigma8(0.0), self.to_sigma8(1.0)

    def to_sigma8(self, label: Any) -> Any:
        """Undo the scaling of the label; any shape."""
        return _unscaled(label, self.scaling["sigma8"], self.interval)

    def indices(self, split: int) -> IntArray:
        """Catalogues of one part of the split, ascending."""
        return np.flatnonzero(self.split == split)


def build_features(
    mocks: Mapping[str, np.ndarray],
    *,
    source: str,
    seed: int,
    fractions: tuple[float, float, float] = (0.8, 0.1, 0.1),
    interval: tuple[float, float] = (0.0, 1.0),
) -> FeatureSet:
    """Order clusters by luminosity, scale every group onto `interval`, split the catalogues at random.

    Parameters
    ----------
    mocks : datasets of a mocks file, as `encluster.storage.LAYOUTS` describes them
    source : which simulation made the numbers
    seed : of the split
    fractions : training, validation and testing parts; they add up to 1
    interval : range after scaling (decision D13); constants come from the whole grid

    Raises
    ------
    ValueError : fractions that do not add up to 1, or a part without a catalogue
    """
    offset = mocks["catalogues/offset"]
    owner = np.repeat(np.arange(len(offset) - 1), np.diff(offset))
    # the brightest at the bottom of each matrix, as in Fig. 6
    order = np.lexsort((mocks["clusters/log_lx"], owner))
    scaling: dict[str, tuple[float, float]] = {}

    def scaled(name: str, values: np.ndarray) -> np.ndarray:
        scaling[name] = (float(values.min()), float(values.max()))
        return _scaled(values, scaling[name], interval).astype(np.float32)

    matrix = np.empty((len(order), WIDTH), np.float32)
    for name, columns in GROUPS.items():
        values = mocks[f"clusters/{name}"][order]
        matrix[:, columns] = scaled(name, values.reshape(len(order), -1))
    supplementary = np.stack([scaled(name, mocks[f"clusters/{name}"][order]) for name in SUPPLEMENTARY], axis=1)
    sigma8 = mocks["catalogues/sigma8"]
    return FeatureSet(
        matrix=matrix,
        supplementary=supplementary,
        offset=offset,
        sigma8=sigma8,
        label=scaled("sigma8", sigma8),
        split=_split(len(sigma8), fractions, seed),
        scaling=scaling,
        interval=interval,
        source=source,
    )


def write_features(path: Path, features: FeatureSet) -> None:
    """Write a feature set in the layout ``features``; scaling constants become attributes."""
    arrays = {name: getattr(features, name) for name in storage.LAYOUTS["features"]}
    attributes = {f"scaling_{name}": limits for name, limits in features.scaling.items()}
    storage.write_h5(path, "features", arrays, {**attributes, "interval": features.interval, "source": features.source})


def read_features(path: Path) -> FeatureSet:
    """Read a feature set; raises ValueError as `encluster.storage.read_h5` does."""
    arrays, attributes = storage.read_h5(path, "features")
    scaling = {
        name.removeprefix("scaling_"): (float(limits[0]), float(limits[1]))
        for name, limits in attributes.items()
        if name.startswith("scaling_")
    }
    low, high = attributes["interval"]
    return FeatureSet(**arrays, scaling=scaling, interval=(float(low), float(high)), source=attributes["source"])


def _scaled(values: Any, limits: tuple[float, float], interval: tuple[float, float]) -> Any:
    width = limits[1] - limits[0]
    return interval[0] + (values - limits[0]) * ((interval[1] - interval[0]) / width if width else 0.0)


def _unscaled(values: Any, limits: tuple[float, float], interval: tuple[float, float]) -> Any:
    return limits[0] + (values - interval[0]) * ((limits[1] - limits[0]) / (interval[1] - interval[0]))


def _split(n: int, fractions: tuple[float, float, float], seed: int) -> IntArray:
    if abs(sum(fractions) - 1) > 1e-9 or min(fractions) <= 0:
        raise ValueError(f"features: fractions {fractions} must be positive and add up to 1")
    n_validation, n_testing = round(n * fractions[1]), round(n * fractions[2])
    if min(n_validation, n_testing, n - n_validation - n_testing) < 1:
        raise ValueError(f"features: {n} catalogues cannot be split as {fractions}; each part needs at least one")
    split = np.full(n, TRAINING, np.uint8)
    shuffled = generator(seed, "split").permutation(n)
    split[shuffled[:n_validation]] = VALIDATION
    split[shuffled[n_validation : n_validation + n_testing]] = TESTING
    return split
