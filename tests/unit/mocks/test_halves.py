"""Halves of the simulated clusters: disjoint, complete, equal in mass, and nothing else changes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from encluster.halos.catalog import HaloCatalog
from encluster.halos.relations import fit_scaling
from encluster.mocks.build import mock_model
from encluster.mocks.drawing import MockModel
from encluster.mocks.halves import chosen_clusters, in_first_half
from encluster.mocks.settings import MockSettings
from factories import COSMOLOGY, RADII, configuration, mock_options, surrogate

GRID = {"sigma8": {"number": 3}, "normalization": {"number": 2}}
BOTH = ("first_half", "second_half")


def profiles(halos: HaloCatalog) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "id": halos.id,
        "m_gas_shell": halos.m_gas[:, None] * rng.dirichlet(np.full(7, 60.0), len(halos)),
        "gamma": rng.normal(-1.5, 0.3, (len(halos), 7)),
        "radius": RADII,
    }


def model_of(halos: HaloCatalog, **mocks: Any) -> MockModel:
    scaling = fit_scaling(halos, COSMOLOGY, box_mpc_h=352.0, model="bocquet16", n_bootstrap=2)
    options = mock_options(configuration(mocks=GRID | mocks))
    return mock_model(**options, halos=halos, profiles=profiles(halos), scaling=scaling)


@pytest.mark.parametrize("n", [400, 401])
def test_halves_are_disjoint_complete_and_equal_in_mass(n: int) -> None:
    halos = surrogate(n)
    first, second = (chosen_clusters(halos, MockSettings(clusters=half), seed=1) for half in BOTH)
    assert sorted([*first.id, *second.id]) == sorted(halos.id)
    # above any mass, the numbers differ by at most one
    above = [np.sum(half.m500c[:, None] >= halos.m500c, axis=0) for half in (first, second)]
    assert np.abs(above[0] - above[1]).max() == 1
    # whole rows move, in the order of the list
    place = np.searchsorted(halos.id, first.id)
    np.testing.assert_array_equal(first.lx, halos.lx[place])
    assert (np.diff(place) > 0).all()


def test_splits_are_random_and_reproducible() -> None:
    halos = surrogate(400)
    one = in_first_half(halos, seed=1, split=1)
    np.testing.assert_array_equal(one, in_first_half(halos, seed=1, split=1))
    for other in (in_first_half(halos, seed=1, split=2), in_first_half(halos, seed=2, split=1)):
        assert 0.4 < (one == other).mean() < 0.6
    # the heavier cluster of a pair is in either half
    ranked = one[np.argsort(-halos.m500c)]
    assert 0.4 < ranked[::2].mean() < 0.6


def test_names_of_clusters_follow() -> None:
    halos = surrogate(100)
    named = replace(halos, names=tuple(f"cluster {i}" for i in halos.id))
    half = chosen_clusters(named, MockSettings(clusters="second_half"), seed=1)
    assert half.names == tuple(f"cluster {i}" for i in half.id)


def test_mocks_of_halves_differ_in_their_neighbors_alone() -> None:
    halos = surrogate()
    whole, first, second = (model_of(halos, clusters=name) for name in ("all", *BOTH))
    assert chosen_clusters(halos, MockSettings(), seed=1) is halos
    for half in (first, second):
        np.testing.assert_array_equal(half.abundance, whole.abundance)
        assert half.simulation.relation == whole.simulation.relation
        assert half.simulation.y_slope == whole.simulation.y_slope
        assert (np.diff(half.simulation.log_m) >= 0).all()
    drawn = {name: model.draw(range(24)) for name, model in zip(("all", *BOTH), (whole, first, second), strict=True)}
    for name in BOTH:
        for column in ("log_m500c", "log_m_wl"):
            np.testing.assert_array_equal(drawn[name][column], drawn["all"][column])
        np.testing.assert_array_equal(drawn[name].catalog("log_m_break"), drawn["all"].catalog("log_m_break"))
        assert len(np.unique(drawn[name]["neighbor"])) > 300
    seen = [set(drawn[name]["neighbor"].tolist()) for name in BOTH]
    assert not seen[0] & seen[1]
    # scatter and profiles are those of the neighbor in the list of all clusters
    all_rows = {i: k for k, i in enumerate(whole.simulation.id.tolist())}
    row = [all_rows[i] for i in drawn["first_half"]["neighbor"].tolist()]
    np.testing.assert_array_equal(drawn["first_half"]["gamma"], whole.simulation.gamma[row])
    for x, residual in whole.simulation.residual.items():
        np.testing.assert_array_equal(drawn["first_half"][f"residual_{x}"], residual[row])


def test_counts_of_the_simulation_are_not_halved() -> None:
    whole, half = (model_of(surrogate(), clusters=name, abundance="capped") for name in ("all", "first_half"))
    np.testing.assert_array_equal(half.abundance, whole.abundance)
    np.testing.assert_array_equal(half.at_most, whole.at_most)
    assert len(half.simulation.id) == 583


def test_a_half_that_does_not_cover_the_survey_is_named() -> None:
    rng = np.random.default_rng(1)
    log_m = np.sort(rng.uniform(13.58, 15.2, 120))
    base = surrogate(120)
    factor = 10**log_m / base.m500c
    halos = replace(
        base,
        m500c=10**log_m,
        r500c_kpc=base.r500c_kpc * np.cbrt(factor),
        m_gas=base.m_gas * factor,
        thinned=True,
        y500=np.array(np.nan),
    )
    neighbors = {"neighbors": {"minimum": 10}}
    model_of(halos, **neighbors)  # about 15 clusters in the window of 0.2 dex
    with pytest.raises(ValueError, match=r"the 60 simulated clusters \(surrogate, mocks.clusters = first_half\)"):
        model_of(halos, **neighbors, clusters="first_half")
    with pytest.raises(ValueError, match=r"mocks.clusters = first_half\): 40 clusters; at least 50 are needed"):
        chosen_clusters(surrogate(80), MockSettings(clusters="first_half"), seed=1)
