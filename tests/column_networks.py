"""Mock catalogs in a file, and tiny networks whose terse value is one column of their input."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.column import Column
from encluster.layouts import LAYOUTS
from encluster.network.inputs import build_features
from factories import RADII


def write_mocks(path: Path, *, n_catalogs: int = 600, one_sigma8: bool = False, seed: int = 0) -> Path:
    """Mock catalogs with a temperature that knows sigma8, in the full layout."""
    rng = np.random.default_rng(seed)
    sigma8 = rng.choice(np.linspace(0.7, 0.92, 23), n_catalogs)
    number = rng.poisson(25, n_catalogs) + 5
    owner = np.repeat(np.arange(n_catalogs), number)
    n = len(owner)
    lengths = {"catalog": n_catalogs, "cluster": n, "shell": 7}
    columns: dict[str, Any] = {
        place.partition("/")[2]: np.zeros([lengths[axis] for axis in column.shape])
        for place, column in LAYOUTS["mocks"].items()
        if place != "catalogs/offset"
    }
    log_m = 13.6 + rng.exponential(0.25, n)
    columns |= {
        "sigma8": np.full(n_catalogs, 0.8) if one_sigma8 else sigma8,
        "log_m500c": log_m,
        "log_lx": 1.7 * (log_m - 14) + rng.normal(0, 0.1, n),
        "log_temperature": 0.6 * (log_m - 14) + 2 * (sigma8[owner] - 0.8) + rng.normal(0, 0.03, n),
        "log_m_gas_shell": 1.2 * (log_m + rng.normal(0, 0.05, n))[:, None] - np.linspace(5, 4, 7),
        "gamma": rng.normal(-1.5, 0.3, (n, 7)),
        "log_m_wl": log_m + rng.normal(0, 0.1, n),
    }
    columns |= {name: Column(values=columns[name], radii=RADII) for name in ("log_m_gas_shell", "gamma")}
    offset = np.concatenate([[0], np.cumsum(number)])
    ClusterCatalogs.of("mocks", columns, offset=offset, attributes={"source": "made up"}).write(path)
    return path


def write_model(folder: Path, mocks: Path, column: int) -> Path:
    """A tiny network whose terse value is one column of its input, and its provenance."""
    from encluster.network.architecture import TINY
    from encluster.network.model import build

    model = build(replace(TINY, encoder_dropout=0.0))
    dense = [layer for layer in model.get_layer("encoder").layers if layer.get_weights()]
    for k, layer in enumerate(dense):
        kernel, bias = (np.zeros_like(weight) for weight in layer.get_weights())
        kernel[column if k == 0 else 0, 0] = 1
        # keeps what is scaled to 0 ... 1 on the straight side of the activation
        bias[0] = 1
        layer.set_weights([kernel, bias])
    folder.mkdir()
    model.save(folder / "model.keras")
    features = build_features(ClusterCatalogs.read(mocks, "mocks"), seed=5, fractions=(0.4, 0.1, 0.5))
    recipe = {**features.recipe, "mocks": features.mocks}
    files.write_json(folder / "provenance.json", {"features": recipe, "source": "made up"})
    return folder / "model.keras"
