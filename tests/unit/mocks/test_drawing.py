"""Mock catalogs: selection, neighbors, transfer of scatter, reproducibility."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.cosmology import Cosmology
from encluster.halos.scaling import OBSERVABLES, PIVOT_LOG_M, PowerLaw
from encluster.mocks.drawing import MockModel, _mapping, write_mocks
from encluster.mocks.grid import MockGrid, Simulation
from encluster.mocks.survey import Survey, abundance_from_mass_function, mass_bins

RELATIONS = {
    "lx": PowerLaw(slope=1.73, log_x0=0.253),
    "temperature": PowerLaw(slope=0.63, log_x0=0.59),
    "m_gas": PowerLaw(slope=1.194, log_x0=13.396),
}
RADII = 10 ** (np.arange(7) / 6 - 1)
SCATTERS = {"lx": 0.17, "temperature": 0.03, "m_gas": 0.05}


def simulation(n: int = 400, seed: int = 3) -> Simulation:
    rng = np.random.default_rng(seed)
    log_m = 13.58 + rng.exponential(0.35, n).clip(max=1.5)
    observables = {x: 10 ** (RELATIONS[x].log_x(log_m) + rng.normal(0, SCATTERS[x], n)) for x in OBSERVABLES}
    return Simulation.from_arrays(
        id=np.arange(n) + 1000,
        m500c=10**log_m,
        observables=observables,
        y500=10**-12.3 * observables["m_gas"] * observables["temperature"] * (10**log_m / 1e14) ** (-2 / 3),
        m_gas_shell=observables["m_gas"][:, None] * rng.dirichlet(np.full(7, 60.0), n),
        gamma=rng.normal(-1.5, 0.3, (n, 7)),
        radius=RADII,
        relation=RELATIONS,
    )


@pytest.fixture(scope="module")
def model() -> MockModel:
    grid = MockGrid(sigma8=(0.72, 0.8, 0.9), normalization=(0.8, 1.3))
    edges = mass_bins(13.6)
    abundance = abundance_from_mass_function(Cosmology(), grid.sigma8, edges, redshift=0.07, box_mpc_h=352.0)
    survey = Survey(log_m_min=13.6, log_m_break=14.248)
    return MockModel(grid=grid, simulation=simulation(), survey=survey, log_m_edges=edges, abundance=abundance, seed=5)


def test_grid_has_the_papers_size_and_visits_every_combination_once() -> None:
    grid = MockGrid(sigma8=tuple(np.linspace(0.7, 0.92, 23)), normalization=tuple(np.linspace(0.8, 1.3, 6)))
    assert len(grid) == 4968
    small = MockGrid(sigma8=(0.7, 0.8), normalization=(0.8, 1.0, 1.3))
    seen = set()
    for index in range(len(small)):
        p = small.parameters(index, np.random.default_rng(index))
        seen.add((p.sigma8, p.lx_normalization, p.temperature_normalization, p.m_gas_normalization))
        assert 0.7 <= p.lx_scatter <= 1.3
        assert 0.7 <= p.lx_slope <= 1.3
        assert 0.1 <= p.sigma_wl <= 0.3
    assert len(seen) == 54


def test_break_is_where_the_catalogs_own_relation_reaches_the_flux_limit(model: MockModel) -> None:
    limit = float(RELATIONS["lx"].log_x(np.array(14.248)))
    drawn = model.draw(range(len(model.grid)))
    own = (
        drawn.catalog("lx_slope") * 1.73 * (drawn.catalog("log_m_break") - PIVOT_LOG_M)
        + 0.253
        + np.log10(drawn.catalog("lx_normalization"))
    )
    np.testing.assert_allclose(own, limit, atol=1e-12)
    assert np.ptp(drawn.catalog("log_m_break")) > 0.05


def test_the_pivot_of_the_slope_bias_enters_luminosities_and_break(model: MockModel) -> None:
    """A slow twin of L_X and of the break (decision D17)."""
    usual, turned = (replace(model, lx_slope_pivot=pivot).draw(range(len(model.grid))) for pivot in (14.4, 13.6))
    np.testing.assert_array_equal(usual["log_lx"], model.draw(range(len(model.grid)))["log_lx"])
    slope, at_pivot = 1.73 * turned.catalog("lx_slope"), 0.253 - 0.8 * 1.73
    zero_point = at_pivot + np.log10(turned.catalog("lx_normalization"))
    limit = float(RELATIONS["lx"].log_x(np.array(14.248)))
    np.testing.assert_allclose(slope * (turned.catalog("log_m_break") - 13.6) + zero_point, limit, atol=1e-12)
    c = turned.owner
    mean = slope[c] * (turned["log_m500c"] - 13.6) + zero_point[c]
    scattered = turned.catalog("lx_scatter")[c] * turned["residual_lx"]
    np.testing.assert_allclose(turned["log_lx"], mean + scattered, atol=1e-12)
    # the break lies 0.65 dex from this pivot, and 0.15 dex from the usual one
    assert turned.catalog("log_m_break").std() > 1.5 * usual.catalog("log_m_break").std()
    np.testing.assert_array_equal(turned.catalog("sigma_wl"), usual.catalog("sigma_wl"))


def test_neighbors_lie_in_the_window_or_are_the_nearest() -> None:
    sim = simulation()
    targets = np.concatenate([np.linspace(13.6, 14.6, 200), np.linspace(15.0, 15.6, 30)])
    rng = np.random.default_rng(0)
    row, widened = sim.neighbors(targets, rng.random(len(targets)), window=0.1, minimum=5)
    distance = np.abs(sim.log_m[row] - targets)
    assert 0 < widened.sum() < len(targets)
    assert (distance[~widened] <= 0.1).all()
    for i in np.flatnonzero(widened):  # slow twin: the five nearest by sorting all
        nearest = np.sort(np.abs(sim.log_m - targets[i]))[:5]
        assert distance[i] <= nearest[-1] + 1e-12


def test_neighbors_use_the_whole_window_evenly() -> None:
    sim = simulation(2000)
    uniform = (np.arange(20000) + 0.5) / 20000
    row, _ = sim.neighbors(np.full(20000, 14.0), uniform, window=0.1, minimum=5)
    inside = np.flatnonzero(np.abs(sim.log_m - 14.0) <= 0.1)
    chosen, times = np.unique(row, return_counts=True)
    np.testing.assert_array_equal(chosen, inside)
    assert np.ptp(times) <= 1


def test_observables_are_the_relation_plus_the_stretched_residual_of_one_neighbor(model: MockModel) -> None:
    """A slow twin: each cluster once more, in plain lines from equations and parameters."""
    drawn = model.draw(range(len(model.grid)))
    sim = model.simulation
    rng = np.random.default_rng(1)
    offset = drawn.offset
    for cluster in rng.choice(offset[-1], 50, replace=False):
        c = np.searchsorted(offset, cluster, side="right") - 1
        log_m = drawn["log_m500c"][cluster]
        row = int(np.flatnonzero(sim.id == drawn["neighbor"][cluster])[0])
        for x in OBSERVABLES:
            slope = RELATIONS[x].slope * (drawn.catalog("lx_slope")[c] if x == "lx" else 1)
            log_x0 = RELATIONS[x].log_x0 + np.log10(drawn.catalog(f"{x}_normalization")[c])
            expected = slope * (log_m - 14.4) + log_x0 + drawn.catalog(f"{x}_scatter")[c] * sim.residual[x][row]
            assert drawn[f"log_{x}"][cluster] == pytest.approx(expected, abs=1e-12)
        shells = 10 ** drawn["log_m_gas_shell"][cluster]
        assert shells.sum() == pytest.approx(10 ** drawn["log_m_gas"][cluster], rel=1e-9)
        np.testing.assert_allclose(drawn["gamma"][cluster], sim.gamma[row])
        lensing = log_m + drawn["residual_wl"][cluster] * drawn.catalog("sigma_wl")[c] / np.log(10)
        assert drawn["log_m_wl"][cluster] == pytest.approx(lensing)


def test_numbers_follow_the_expectation(model: MockModel) -> None:
    """The total over all catalogs is Poisson about the sum of the expectations; masses follow the bins."""
    drawn = model.draw(range(len(model.grid)))
    number, expected = drawn.n_clusters, drawn.catalog("n_expected")
    assert abs(number.sum() - expected.sum()) < 4 * np.sqrt(expected.sum())
    chi2 = ((number - expected) ** 2 / expected).sum()
    assert 6 < chi2 < 50  # 24 degrees of freedom, 99.99 %
    assert drawn["log_m500c"].min() >= 13.6
    np.testing.assert_array_equal(model.count(range(len(model.grid))), number)
    more = drawn.n_clusters[drawn.catalog("sigma8") == 0.9].mean()
    fewer = drawn.n_clusters[drawn.catalog("sigma8") == 0.72].mean()
    assert more > 1.5 * fewer


def test_flux_limit_by_mass_leaves_the_break(model: MockModel) -> None:
    from dataclasses import replace

    fixed = replace(model, flux_limit="mass").draw(range(6))
    np.testing.assert_array_equal(fixed.catalog("log_m_break"), 14.248)


def test_same_bytes_on_any_cores_and_in_any_blocks(model: MockModel, tmp_path: Path) -> None:
    sums = set()
    for cores, block in ((1, 256), (1, 5), (2, 7)):
        path = tmp_path / f"{cores}-{block}.h5"
        write_mocks(path, model, source="test", configuration="{}", cores=cores, block=block)
        sums.add(files.sha256(path))
    assert len(sums) == 1
    written, drawn = ClusterCatalogs.read(path, "mocks"), model.draw(range(len(model.grid)))
    assert written.source == "test"
    assert len(written["log_lx"]) == written.offset[-1] > 500
    np.testing.assert_array_equal(written["gamma"], drawn["gamma"].astype(np.float32))
    np.testing.assert_array_equal(written.clusters["gamma"].radii, RADII)
    from dataclasses import replace

    other = tmp_path / "other.h5"
    write_mocks(other, replace(model, seed=6), source="test", configuration="{}")
    assert files.sha256(other) not in sums


def test_processes_draw_only_a_few_blocks_ahead_of_what_is_written() -> None:
    asked = []
    with _mapping(2) as mapped:
        drawn = iter(mapped(abs, (asked.append(k) or -k for k in range(30))))
        assert next(drawn) == 0
        assert 2 <= len(asked) <= 5
        assert list(drawn) == list(range(1, 30))


def test_a_survey_that_selects_nothing_is_an_error_and_leaves_no_file(model: MockModel, tmp_path: Path) -> None:
    from dataclasses import replace

    empty = replace(model, abundance=np.zeros_like(model.abundance))
    path = tmp_path / "mocks.h5"
    with pytest.raises(ValueError, match="24 of 24 catalogs have no cluster"):
        write_mocks(path, empty, source="test", configuration="{}")
    assert list(tmp_path.iterdir()) == []


def test_too_few_simulated_clusters_is_an_error(model: MockModel) -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="fewer than 5 neighbors"):
        replace(model, simulation=simulation(4))


def test_y500_follows_the_definition_of_the_list(model: MockModel) -> None:
    """As in Magneticum's lists, Y500 is M_gas T over the area of R500c: so it is for the mock clusters' own masses."""
    drawn = model.draw([3])
    thermal = drawn["log_m_gas"] + drawn["log_temperature"]
    np.testing.assert_allclose(drawn["log_y500"], thermal - 12.3 - 2 / 3 * (drawn["log_m500c"] - 14))


def test_where_y500_is_not_known_the_thermal_energy_stands_for_it() -> None:
    log_m = np.linspace(13.6, 15, 60)
    made = Simulation.from_arrays(
        id=np.arange(60),
        m500c=10**log_m,
        observables={x: 10 ** RELATIONS[x].log_x(log_m) for x in OBSERVABLES},
        y500=np.where(log_m > 14, 1.0, np.nan),
        m_gas_shell=np.ones((60, 7)),
        gamma=np.ones((60, 7)),
        radius=RADII,
        relation=RELATIONS,
    )
    assert (made.log_y_excess == 0).all()
    assert made.y_slope == 0


def test_prescriptive_clusters_are_the_simulated_ones_times_powers_of_sigma8(model: MockModel) -> None:
    exponents = {"lx": 2.0, "temperature": 0.5, "m_gas": 1.0, "y500": -1.0}
    prescriptive = replace(model, prescriptive=exponents, sigma8=0.809)
    simulated = simulation()
    own = {i: k for k, i in enumerate(simulated.id.tolist())}
    for index in (0, len(model.grid) - 1):
        drawn, usual = prescriptive.draw([index]), model.draw([index])
        log_s = np.log10(drawn.catalog("sigma8")[0] / 0.809)
        rows = [own[i] for i in drawn["neighbor"].tolist()]
        # same abundance and neighbors as ever; but the neighbor's own mass, and its own observables
        np.testing.assert_array_equal(drawn["neighbor"], usual["neighbor"])
        np.testing.assert_array_equal(drawn["log_m500c"], simulated.log_m[rows])
        for x in OBSERVABLES:
            expected = simulated.relation[x].log_x(simulated.log_m) + simulated.residual[x]
            np.testing.assert_allclose(drawn[f"log_{x}"], expected[rows] + exponents[x] * log_s, atol=1e-12)
        lensing = drawn["residual_wl"] * drawn.catalog("sigma_wl")[0] / np.log(10)
        np.testing.assert_allclose(drawn["log_m_wl"], drawn["log_m500c"] + lensing)
    assert set(drawn.clusters) == set(usual.clusters)


def test_a_capped_abundance_never_exceeds_the_simulation(model: MockModel) -> None:
    held = np.histogram(model.simulation.log_m, model.log_m_edges)[0]
    capped = replace(model, at_most=held, abundance=3.0 * held * np.ones((3, 1)))
    last = capped.grid.parameters(len(capped.grid) - 1, np.random.default_rng(0))
    expected = capped.expected(len(capped.grid) - 1, last)
    above = model.log_m_edges[:-1] > capped.survey_of(last).log_m_break
    assert held[above].sum() > 10
    np.testing.assert_allclose(expected[above], 0.5 * held[above])
    assert (expected <= 0.5 * held).all()
    assert (expected < 0.5 * held).any()
