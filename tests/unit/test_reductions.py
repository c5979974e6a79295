"""The numbers behind figures and tables, from inputs whose answer is known."""

from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest

from encluster.halos.scaling import TABLE2
from encluster.reductions import fig01, fig02, fig03, fig07, fig08
from encluster.xray.density import GasDensity
from encluster.xray.profile import PARAMETERS
from factories import configuration, scaling_relations, surrogate

RELATIONS = {name: replace(law, scatter=0.12) for name, law in TABLE2.items()}
SCALING = scaling_relations(relations=RELATIONS, abundance_ratio=0.885)


@pytest.fixture(scope="module")
def halos():
    return surrogate(400)


def test_fig01_has_the_breaks_that_the_flux_limit_asks_for(halos) -> None:
    data = fig01.reduce(halos, SCALING, configuration())
    assert set(data["sigma8"]) == {0.72, 0.92}
    surveys = data[data["kind"] == "survey"]
    for bias, line in surveys.groupby("lx_normalization"):
        # at fixed luminosity, M ~ b^(-1/1.74)
        expected = 14.4 + np.log10(0.704) - np.log10(bias) / 1.74
        assert line["log_m_break"].unique() == pytest.approx([expected])
    box = data[(data["kind"] == "box") & (data["sigma8"] == 0.92)]["n_per_bin"].to_numpy()
    full = surveys[(surveys["sigma8"] == 0.92) & (surveys["lx_normalization"] == 1.3)]
    above = (full["log_m"] > full["log_m_break"]).to_numpy()
    assert full["n_per_bin"].to_numpy()[above] == pytest.approx(box[above] / 2)
    assert (full["n_per_bin"].to_numpy()[~above] < box[~above] / 2).all()


def test_fig01_follows_the_other_reading_of_the_flux_limit(halos) -> None:
    settings = configuration(mocks={"flux_limit": "mass"})
    breaks = fig01.reduce(halos, SCALING, settings)["log_m_break"].dropna().unique()
    assert breaks == pytest.approx([14.4 + np.log10(0.704)])


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


def test_fig03_moves_the_offset_of_a_neighbor(halos) -> None:
    data = fig03.reduce(halos, SCALING, configuration())
    law = RELATIONS["lx"]

    def point(panel: str, item: str) -> pd.Series:
        return data[(data["panel"] == panel) & (data["item"] == item)].iloc[0]

    neighbor = point("same relation", "neighbor")
    offset = neighbor["log_lx"] - law.log_x(neighbor["log_m"])
    assert abs(neighbor["log_m"] - 14.0) <= 0.1
    assert abs(offset) > 0.05
    assert point("same relation", "new")["log_lx"] == pytest.approx(law.log_x(np.array(14.0)) + offset)
    # biases 1.3, 0.7, 1.3 of normalization, slope and scatter, written out
    other = 0.7 * law.slope * (14.0 - 14.4) + law.log_x0 + np.log10(1.3) + 1.3 * offset
    assert point("other relation", "new")["log_lx"] == pytest.approx(other)


def test_fig07_marks_the_selected_epoch() -> None:
    history = pd.DataFrame({"epoch": [1, 2, 3], "train_mse": [3.0, 2, 1], "validation_mse": [3.0, 1, 2]})
    data = fig07.reduce(history, {"best_epoch": 2})
    assert data["selected"].tolist() == [False, True, False]


def test_fig08_shows_the_testing_set_alone() -> None:
    predictions = pd.DataFrame(
        {
            "catalog": [1, 2, 3],
            "split": ["validation", "testing", "testing"],
            "sigma8_true": [0.7, 0.8, 0.9],
            "sigma8_predicted": [0.71, 0.82, 0.88],
        }
    )
    data = fig08.reduce(predictions, {"delta_sigma8": {"value": 0.02, "error": 0.001}})
    assert data["catalog"].tolist() == [2, 3]
    assert set(data["delta_sigma8"]) == {0.02}
