"""Density-squared profiles of three clusters, Figure 2."""

from dataclasses import asdict

import numpy as np
import pytest

import fig02
from encluster.xray.density import GasDensity
from encluster.xray.profile import PARAMETERS


def test_fig02_tells_cores_apart() -> None:
    slopes = np.linspace(0.1, 2.8, 40)  # alpha of the core, one cluster each
    parameters = [asdict(GasDensity(n0=1e-3, rc_kpc=100, rs_kpc=800, alpha=a, beta=0.7, epsilon=2)) for a in slopes]
    edges = np.concatenate([[0], np.geomspace(20, 1200, 12)])
    profiles = {
        "id": np.arange(40),
        "counts": np.full(40, 1000),
        "m500c": np.full(40, 1e14),
        "r500c_kpc": np.full(40, 900.0),
        "density_parameters": np.array([[p[name] for name in PARAMETERS] for p in parameters]),
        "annulus_edges": np.tile(edges, (40, 1)),
        "annulus_counts": np.tile([110, *[100] * 11], (40, 1)),
        "annulus_model": np.full((40, 12), 100.0),
    }
    data = fig02.reduce(profiles)
    chosen = data.groupby("cluster")["id"].first()
    assert chosen["flat core"] < 3
    assert 17 < chosen["peaked core"] < 23
    assert chosen["cool core"] > 36
    first = data.groupby("cluster").head(1)
    assert first["density_squared"].to_numpy() == pytest.approx(1.1 * first["density_squared_fit"].to_numpy())
    assert (first["density_squared_err"] / first["density_squared"]).to_numpy() == pytest.approx(110**-0.5)
