"""Small made-up halo lists, mocks, features and interpretations, whose answers are known."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import fig14
import fig18
import tab02
from encluster.catalogs import ClusterCatalogs
from encluster.column import Column
from encluster.cosmology import Cosmology
from encluster.halos.build import build_catalog
from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import TABLE2, ScalingRelations
from encluster.halos.settings import HaloSettings
from encluster.halos.surrogate import MeasuredNumbers
from encluster.interpretation.verdict import FAIL, NO_LEAK, OVERSPECIALIZED, PASS
from encluster.layouts import LAYOUTS
from encluster.network.feature_set import FeatureSet
from encluster.running.configuration import Configuration

ROOT = Path(__file__).parents[1]
SIZES = [1, 2, 3, 15, 16, 17, 31, 33, 100, 346]  # clusters in catalogs that test the network
RADII = 10 ** (np.arange(7) / 6 - 1)  # of the shells [R500c], decision D10 written out
N, SIZE = 40, 30  # catalogs, and clusters in each
COSMOLOGY = Cosmology()
H = COSMOLOGY.h
MAP: dict[str, Any] = {
    "m500c": {"column": "M500", "unit": "Msun/h"},
    "temperature": {"column": "T", "unit": "keV"},
    "lx": {"column": "L", "unit": "1e44 erg/s"},
    "m_gas": {"column": "MG", "unit": "Msun/h"},
}


def configuration(*names: str, **sections: Any) -> Configuration:
    """Return the paper's configuration, changed by shipped overlays and then by sections."""
    config = Configuration.read(ROOT / f"config/{name}.yaml" for name in names)
    return config.changed(sections) if sections else config


def mock_options(config: Configuration) -> dict[str, Any]:
    """Return the arguments that `mock_model` takes from a configuration."""
    keys = ("survey", "mocks", "cosmology", "mass_function", "box_mpc_h", "seed")
    return {key: getattr(config, key) for key in keys}


def surrogate(n: int = 1165, seed: int = 1, **halos: Any) -> HaloCatalog:
    """Return a surrogate simulation of so many clusters."""
    settings = HaloSettings(n_clusters=n, **halos)
    return build_catalog(settings, cosmology=COSMOLOGY, survey_redshift=0.07, mass_function="bocquet16", seed=seed)


def clusters(
    n: int = 400, seed: int = 1, *, normalization: tuple[float, ...] = (1, 1, 1), slope: tuple[float, ...] = (1, 1, 1)
) -> dict[str, np.ndarray]:
    """Return M500 and M_gas [Msun/h], T [keV] and L_X [1e44 erg/s] at z = 0.07; biases of L_X, T and M_gas."""
    halos = surrogate(n, seed)
    relations = MeasuredNumbers().relations
    biased = {
        x: getattr(halos, x) * a * 10 ** ((b - 1) * relations[x].slope * (halos.log_m - 14.4))
        for x, a, b in zip(("lx", "temperature", "m_gas"), normalization, slope, strict=True)
    }
    return {"M500": halos.m500c, "T": biased["temperature"], "L": biased["lx"], "MG": biased["m_gas"]}


def as_csv(columns: dict[str, Any], *, separator: str = ",") -> str:
    """Return columns as text, with all digits."""
    rows = zip(*columns.values(), strict=True)
    return "\n".join([separator.join(columns), *(separator.join(map(str, row)) for row in rows)]) + "\n"


def build_list(path: Any, columns: dict[str, Any] | None = None, **halos: Any) -> HaloCatalog:
    """Return the catalog that a configuration's halos section asks for."""
    settings = {"source": "table", "path": str(path), "columns": MAP if columns is None else columns}
    return build_catalog(
        HaloSettings(**{**settings, **halos}),
        cosmology=COSMOLOGY,
        survey_redshift=0.07,
        mass_function="bocquet16",
        seed=1,
    )


def made_up_features(sizes: list[int], *, seed: int = 0, width: int = 15) -> FeatureSet:
    """Catalogs of these sizes whose rows shift with their label; four in six train."""
    rng = np.random.default_rng(seed)
    label = rng.random(len(sizes)).astype(np.float32)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    matrix = 0.5 * rng.random((len(owner), width)) + 0.5 * label[owner, None]
    supplementary = 0.7 * rng.random((len(owner), 2)) + 0.3 * label[owner, None]
    return FeatureSet.made(
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


def made_up_mocks(seed: int = 0) -> ClusterCatalogs:
    """Return twenty small catalogs in the full layout of mocks, filled with random numbers."""
    rng = np.random.default_rng(seed)
    offset = np.cumsum([0, *rng.integers(8, 40, 20)])
    lengths = {"catalog": 20, "cluster": int(offset[-1]), "shell": 7}
    drawn = {}
    for place, column in LAYOUTS["mocks"].items():
        if place != "catalogs/offset":
            values = rng.random(tuple(lengths[axis] for axis in column.shape)).astype(column.dtype)
            radii = RADII if "shell" in column.shape else None
            drawn[place.partition("/")[2]] = Column(values=values, radii=radii)
    return ClusterCatalogs.of("mocks", drawn, offset=offset, attributes={"source": "made up"})


def of_pixels(saliency: np.ndarray) -> Column:
    """Columns of the Standard matrix: log T, then log M_gas and gamma at seven radii."""
    quantities = ("log_temperature", *["log_m_gas_shell"] * 7, *["gamma"] * 7)
    return Column(values=saliency, radii=np.array([np.nan, *RADII, *RADII]), quantities=quantities)


def scaling_relations(**changed: Any) -> ScalingRelations:
    """Table 2, whose scatter is the standard deviation."""
    given: dict[str, Any] = {
        "relations": {x: replace(law, scatter=law.std) for x, law in TABLE2.items()},
        "abundance_ratio": 0.887,
        "n_clusters": 1165,
        "n_expected": 1313.0,
        "log_m_limit": 13.58,
        "survey_redshift": 0.07,
        "thinned": False,
        "spearman": {"lx,m_gas": 0.8, "lx,temperature": -0.3, "temperature,m_gas": -0.5},
        "outlier_share": {"lx": 0.03, "temperature": 0.0, "m_gas": 0.0},
        "source": "surrogate",
    }
    return ScalingRelations(**given | changed)


def interpretation(seed: int = 0, *, gas: float = 0.2) -> ClusterCatalogs:
    """Each removal of a massive cluster lowers sigma8 by 0.002; that of a light one moves it by 0.001 to either side.

    |saliency|: 0.4 of T; of M_gas 0.1 in the core, `gas` at 0.681 R500, 0.15 elsewhere; 0.1 of gamma, negative. The
    integrated gradients are half of it.
    """
    rng = np.random.default_rng(seed)
    n = N * SIZE
    sigma8 = np.linspace(0.7, 0.92, N)
    predicted = sigma8 + np.tile([0.01, -0.01], N // 2)
    log_m = np.tile(np.linspace(13.65, 15.05, SIZE), N)
    saliency = np.full((n, 15), 0.15)
    saliency[:, 0], saliency[:, 1], saliency[:, 6], saliency[:, 8:] = 0.4, 0.1, gas, -0.1
    light = np.where(np.arange(n) % 2, 0.001, -0.001)
    columns = {
        "catalog": np.arange(N),
        "sigma8": sigma8,
        "sigma8_predicted": predicted,
        "cluster": np.arange(n) % (11 * 2 * N),  # of those in `mocks`
        "log_m500c": log_m,
        "log_m_wl": log_m + rng.normal(0, 0.1, n),
        "log_m_gas": 1.2 * log_m + rng.normal(0, 0.05, n),
        "log_temperature": 0.6 * log_m + rng.normal(0, 0.02, n),
        "log_lx": 1.7 * log_m,
        "terse": log_m + rng.normal(0, 0.05, n),
        "saliency": of_pixels(saliency),
        "integrated_gradients": of_pixels(saliency / 2),
        "sigma8_one_out": np.repeat(predicted, SIZE) + np.where(log_m > 14.2, -0.002, light),
    }
    return ClusterCatalogs.of("interpretation", columns, offset=SIZE * np.arange(N + 1))


def networks(model: str = "standard", n: int = 3) -> dict[str, ClusterCatalogs]:
    """Interpretations of one model from n seeds, by name of the network: the same clusters, seen differently.

    The second network has terse values of the other sign and ten times the scale.
    """
    first = interpretation()
    found = {model: first}
    for k in range(2, n + 1):
        scale = -10.0 if k == 2 else 1.0
        other = interpretation(gas=0.2 + 0.05 * k)
        noise = np.random.default_rng(k).normal(0, 0.02 * k, len(first.owner))
        found[f"{model}_{k}"] = other.with_columns(
            terse=scale * (first["terse"] + noise),
            saliency=scale * other["saliency"],
            integrated_gradients=scale * other["integrated_gradients"],
            sigma8_one_out=other["sigma8_one_out"] + 0.0001 * k,
        )
    return found


def mocks() -> ClusterCatalogs:
    """Eighty catalogs, 10 and 12 clusters in turn, the first half of them with the lower sigma8; alike in Y_X."""
    number = np.tile([10, 12], N)
    offset = np.concatenate([[0], np.cumsum(number)])
    n = int(offset[-1])
    columns = {
        "sigma8": np.repeat([0.77, 0.83], N),
        "log_m_break": np.linspace(14.1, 14.3, 2 * N),
        "log_m500c": np.full(n, 14.0),
        "log_m_gas": np.full(n, 13.01),
        "log_temperature": np.full(n, 0.51),
        "log_lx": np.zeros(n),
        "gamma": Column(values=np.random.default_rng(2).normal(-1, 0.3, (n, 7)), radii=RADII),
        "widened": np.arange(n) % 4 == 0,
        "temperature_scatter": np.linspace(0.7, 1.3, 2 * N),
        "m_gas_scatter": np.linspace(0.7, 1.3, 2 * N),
    }
    return ClusterCatalogs.of("mocks", columns, offset=offset)


def provenance(scatter: float, **training: Any) -> dict[str, Any]:
    return {
        "source": "surrogate",
        "best_epoch": 29,
        "parameters": 292_322,
        "seconds_training": 120.0,
        "delta_sigma8": {"value": scatter, "error": scatter / 20, "bias": 0.0, "n": N},
        "predicts_constant": False,
        "spec": {
            "architecture": {"name": "compact"},
            "training": {
                "recipe": "modern",
                "epochs": 30,
                "learning_rate": 0.001,
                "select_from_epoch": 1,
                **training,
            },
        },
    }


def audit(verdict: str, reason: str = "") -> dict[str, Any]:
    return {"verdict": verdict, "reason": reason, "leak": 0.001, "p_value": 0.4, "r_squared": 0.01}


def profiles() -> dict[str, np.ndarray]:
    """Gas masses good to 1 % in heavy clusters and 2 % in light ones, all 1 % too high."""
    m_gas = np.full(20, 1e13)
    return {
        "m500c": np.repeat([5e13, 5e14], 10),
        "m_gas": m_gas,
        "m_gas_err": m_gas * np.repeat([0.02, 0.01], 10),
        "m_gas_true": m_gas / 1.01,
        "deviance": np.ones(20),
    }


def predictions(interpreted: ClusterCatalogs) -> pd.DataFrame:
    """Return the predictions of the testing set that an interpretation has, as training writes them."""
    columns = {
        "catalog": interpreted.catalog("catalog"),
        "split": "testing",
        "sigma8_true": interpreted.catalog("sigma8"),
        "sigma8_predicted": interpreted.catalog("sigma8_predicted"),
    }
    return pd.DataFrame(columns)


def history() -> pd.DataFrame:
    """Return the errors of thirty epochs, which fall."""
    epoch = np.arange(1, 31)
    return pd.DataFrame({"epoch": epoch, "train_mse": 1 / epoch, "validation_mse": 1.2 / epoch})


def inputs() -> dict[str, Any]:
    """All inputs of `encluster.paper.numbers.measured_numbers`, the tables by their own reductions."""
    standard, no_wl = interpretation(), interpretation(1)
    scaling = scaling_relations()
    cases = ("standard", "shuffled", "no_wl", "n_cluster_mapping", "n_cluster_mapping_near_100", "array_of_ones")
    unseen = {"realizations": 4, "unseen_delta_sigma8": 0.024, "unseen_bias": -0.004, "unseen_share": 0.5}
    unseen |= {"unseen_delta_sigma8_spread": 0.002, "unseen_bias_spread": 0.006}
    unseen |= {"unseen_delta_sigma8_scatter": np.nan, "unseen_bias_scatter": np.nan}
    tab04 = pd.DataFrame({"case": cases, "delta_sigma8": 0.02, "error": 0.001, "networks": 1, **unseen})
    tab03 = pd.DataFrame(
        {
            "network": [*["paper"] * 5, *["trained"] * 3],
            "layer": ["2D input", *["repeated network"] * 2, "output", "total", "repeated network", "output", "total"],
            "parameters": [0, 2_000_000, 830_337, 7_642_497, 10_472_834, 100, 221, 321],
        }
    )
    rows = ("standard", "shuffled", "no_wl", "array_of_ones")
    tight = {"prescriptive": provenance(0.002, learning_rate=0.01)}
    return {
        "settings": Configuration(),
        "scaling": scaling,
        "profiles": profiles(),
        "mocks": mocks(),
        "tables": {
            "tab02": tab02.reduce(scaling),
            "tab03": tab03,
            "tab04": tab04,
            "fig14": fig14.reduce(mocks()),
            "fig18": fig18.reduce(mocks(), mocks()),
        },
        "provenance": {**{name: {name: provenance(0.02)} for name in rows}, "prescriptive": tight},
        "history": {name: {name: history()} for name in ("standard", "prescriptive")},
        "predictions": {name: {name: predictions(standard)} for name in (*rows, "prescriptive")},
        "interpretation": {
            name: {name: item} for name, item in (("standard", standard), ("no_wl", no_wl), ("prescriptive", standard))
        },
        "audit": {
            "standard": {"standard": audit(PASS, NO_LEAK)},
            "prescriptive": {"prescriptive": audit(FAIL, OVERSPECIALIZED)},
        },
    }
