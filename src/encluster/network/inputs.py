"""From mock catalogs to what the network reads: matrices, scaling, order and split (section 3.2, Fig. 6)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encluster import files
from encluster.network.settings import FEWEST_LABELS
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

TRAINING, VALIDATION, TESTING = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What a network reads of a mock catalog (sections 3.2, 4.2; Appendix B).

    Parameters
    ----------
    matrix : names of the 2D input's groups of columns; pixels of a group share one linear scaling (section 3.2)
    supplementary : names of the supplementary columns
    shuffled : rows in random order instead of that of luminosity
    constant : every pixel is 1: the network can but count
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


_ATTRIBUTES = ("interval", "variant", "seed", "fractions", "source", "mocks")


@dataclass(frozen=True, kw_only=True)
class FeatureSet:
    """Network inputs and labels of many catalogs; the rows (clusters) of one catalog are adjacent.

    Parameters
    ----------
    matrix : (n_rows, w) the 2D input, scaled; w = 15 for ``standard``: log T, log M_gas in seven shells, gamma at
        seven radii
    supplementary : (n_rows, s) scaled; log L_X and log M_WL for ``standard``
    offset : (n_catalogs + 1,) catalog c owns rows offset[c]:offset[c + 1]
    sigma8 : (n_catalogs,) the label in its own unit
    label : (n_catalogs,) the label, scaled
    split : (n_catalogs,) 0 training, 1 validation, 2 testing
    cluster : (n_rows,) each row's index among the clusters of the mocks
    scaling : per group, the (low, high) that were scaled onto `interval`
    interval : what low and high became, (0, 1) by decision D13
    variant : a key of `VARIANTS`
    seed, fractions : of the split
    source : which simulation made the numbers
    mocks : what `fingerprint` says of the mock catalogs; empty where it is not known
    """

    matrix: FloatArray
    supplementary: FloatArray
    offset: IntArray
    sigma8: FloatArray
    label: FloatArray
    split: IntArray
    cluster: IntArray
    scaling: Mapping[str, tuple[float, float]]
    interval: tuple[float, float] = (0.0, 1.0)
    variant: str = "standard"
    seed: int = 0
    fractions: tuple[float, float, float] = (0.8, 0.1, 0.1)
    source: str
    mocks: str = ""

    def __len__(self) -> int:
        """Return the number of catalogs."""
        return len(self.sigma8)

    @property
    def n_clusters(self) -> IntArray:
        """(n_catalogs,) clusters per catalog."""
        return np.diff(self.offset)

    @property
    def recipe(self) -> dict[str, Any]:
        """What `build_features` needs to make the same of the mocks again; plain data."""
        scaling = {name: list(limits) for name, limits in self.scaling.items()}
        named = {name: getattr(self, name) for name in ("variant", "seed")}
        return {**named, "scaling": scaling, "interval": list(self.interval), "fractions": list(self.fractions)}

    @property
    def label_scale(self) -> tuple[float, float]:
        """sigma8 at label 0 and at label 1."""
        return self.to_sigma8(0.0), self.to_sigma8(1.0)

    def to_sigma8(self, label: Any) -> Any:
        """Undo the scaling of the label; any shape."""
        return _unscaled(label, self.scaling["sigma8"], self.interval)

    def indices(self, split: int) -> IntArray:
        """Catalogs of one part of the split, ascending."""
        return np.flatnonzero(self.split == split)


def build_features(
    mocks: Mapping[str, np.ndarray],
    *,
    source: str,
    seed: int,
    variant: str = "standard",
    fractions: Sequence[float] = (0.8, 0.1, 0.1),
    interval: Sequence[float] = (0.0, 1.0),
    scaling: Mapping[str, Sequence[float]] | None = None,
) -> FeatureSet:
    """Order clusters by luminosity, scale every group onto `interval`, split the catalogs at random.

    Parameters
    ----------
    mocks : datasets of a mocks file, as `encluster.files.LAYOUTS` describes them
    source : which simulation made the numbers
    seed : of the split, which does not depend on the variant, and of the order of shuffled rows
    variant : a key of `VARIANTS`
    fractions : training, validation and testing parts; they add up to 1
    interval : range after scaling (decision D13)
    scaling : per group, the values that become the ends of `interval`; by default the extremes of the whole grid.
        A network trained on other mocks needs those of its training

    Raises
    ------
    ValueError : an unknown variant, fractions that do not add up to 1, a part without a catalog, a value that is not
        finite, or nothing to learn: values that are the same in all clusters, or too few distinct values of sigma8
    """
    if variant not in VARIANTS:
        raise ValueError(f"features: variant {variant!r} is not known; there are {', '.join(VARIANTS)}")
    read = VARIANTS[variant]
    offset = mocks["catalogs/offset"]
    owner = np.repeat(np.arange(len(offset) - 1), np.diff(offset))
    # the brightest at the bottom of each matrix, as in Fig. 6
    key = generator(seed, "shuffled rows").random(len(owner)) if read.shuffled else mocks["clusters/log_lx"]
    order = np.lexsort((key, owner))
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

    def columns(names: tuple[str, ...]) -> np.ndarray:
        groups = [np.empty((len(order), 0), np.float32)]
        for name in names:
            values = mocks[f"clusters/{name}"][order].reshape(len(order), -1)
            groups.append(np.ones_like(values) if read.constant else scaled(name, values))
        return np.concatenate(groups, axis=1, dtype=np.float32)

    sigma8 = mocks["catalogs/sigma8"]
    split = split_at_random(len(sigma8), fractions, seed)
    if scaling is None:
        require_distinct_labels(sigma8[split == TRAINING])
    return FeatureSet(
        matrix=columns(read.matrix),
        supplementary=columns(read.supplementary),
        offset=offset,
        sigma8=sigma8,
        label=scaled("sigma8", sigma8),
        split=split,
        cluster=order,
        scaling=limits,
        interval=(low, high),
        variant=variant,
        seed=seed,
        fractions=(float(fractions[0]), float(fractions[1]), float(fractions[2])),
        source=source,
        mocks=fingerprint(mocks),
    )


def require_distinct_labels(sigma8: FloatArray) -> None:
    """Raise ValueError unless a training set has labels to learn from: numbers, with some distinct values."""
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


def fingerprint(mocks: Mapping[str, np.ndarray]) -> str:
    """Return the sha256 of all numbers of mock catalogs, as hexadecimal digits: equal for equal catalogs.

    All of them, because mocks of two simulations may have the same masses.
    """
    digest = hashlib.sha256()
    for name in sorted(mocks):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(mocks[name]).tobytes())
    return digest.hexdigest()


def write_features(path: Path, features: FeatureSet) -> None:
    """Write a feature set in the layout ``features``; scaling constants become attributes."""
    arrays = {name: getattr(features, name) for name in files.LAYOUTS["features"]}
    attributes: dict[str, Any] = {f"scaling_{name}": limits for name, limits in features.scaling.items()}
    attributes |= {name: getattr(features, name) for name in _ATTRIBUTES}
    files.write_h5(path, "features", arrays, attributes)


def read_features(path: Path) -> FeatureSet:
    """Read a feature set; raises ValueError as `encluster.files.read_h5` does."""
    arrays, attributes = files.read_h5(path, "features")
    scaling = {
        name.removeprefix("scaling_"): (float(limits[0]), float(limits[1]))
        for name, limits in attributes.items()
        if name.startswith("scaling_")
    }
    low, high = (float(end) for end in attributes["interval"])
    training, validation, testing = (float(part) for part in attributes["fractions"])
    return FeatureSet(
        **arrays,
        scaling=scaling,
        interval=(low, high),
        variant=str(attributes["variant"]),
        seed=int(attributes["seed"]),
        fractions=(training, validation, testing),
        source=str(attributes["source"]),
        mocks=str(attributes.get("mocks", "")),
    )


def _scaled(values: Any, limits: tuple[float, float], interval: tuple[float, float]) -> Any:
    width = limits[1] - limits[0]
    return interval[0] + (values - limits[0]) * ((interval[1] - interval[0]) / width if width else 0.0)


def _unscaled(values: Any, limits: tuple[float, float], interval: tuple[float, float]) -> Any:
    return limits[0] + (values - interval[0]) * ((limits[1] - limits[0]) / (interval[1] - interval[0]))


def split_at_random(n: int, fractions: Sequence[float], seed: int) -> IntArray:
    """Return for each of `n` catalogs its part, (n,); ValueError where a part would be empty."""
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
