"""The real Magneticum list: the measured table of the science notes, and the numbers behind the surrogate."""

from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog, read_catalog, write_catalog
from encluster.halos.readers import read_records
from encluster.halos.records import Records, bring_to_survey
from encluster.halos.relations import abundance_ratio, fit_relations, rank_correlations
from encluster.halos.scaling import OBSERVABLES, OUTLIER_DEX, fit_power_law
from encluster.halos.settings import Evolution
from encluster.halos.surrogate import MeasuredNumbers, tail_probability

COSMOLOGY = Cosmology()
# slope, log X at the pivot and z = 0.0663, E(z) exponent, scatter; with what rounding and resampling allow
MEASURED = {
    "lx": (1.730, 0.253, 3.88, 0.117),
    "temperature": (0.630, 0.590, 0.31, 0.032),
    "m_gas": (1.194, 13.396, 0.74, 0.046),
    "y500": (1.157, 1.334, 2.41, 0.041),
}
ALL = (*OBSERVABLES, "y500")
TOLERANCE = (0.004, 0.002, 0.02, 0.001)
TABLE_2 = {"lx": (1.74, -24.81), "temperature": (0.61, -8.25), "m_gas": (1.16, -3.32)}


@pytest.fixture(scope="module")
def records(shared_data: Path) -> Records:
    path = shared_data / "magneticum" / "box2hr_clusters.csv.gz"
    return read_records(path, cosmology=COSMOLOGY, redshift=0.0663)


@pytest.fixture(scope="module")
def halos(records: Records) -> HaloCatalog:
    return at_redshift(records, 0.07)


def at_redshift(records: Records, z: float, log_m_limit: float = 13.58) -> HaloCatalog:
    return bring_to_survey(
        records,
        cosmology=COSMOLOGY,
        survey_redshift=z,
        evolution=Evolution(),
        log_m_limit=log_m_limit,
        thinned=True,
        source="magneticum",
    )


@pytest.fixture(scope="module")
def joint(records: Records) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Slow twin of the library's fit: mass, redshift and normalization at once -> coefficients, residuals."""
    found = {}
    for name in ALL:
        y = np.log10(getattr(records, name))
        growth = np.log10(COSMOLOGY.e(records.redshift) / COSMOLOGY.e(0.0663))
        design = np.stack([np.log10(records.m500c) - 14.4, np.ones_like(y), growth], axis=1)
        near = np.ones(y.size, bool)
        for _ in range(20):
            solution = np.linalg.lstsq(design[near], y[near])[0]
            near = np.abs(y - design @ solution) <= OUTLIER_DEX
        found[name] = solution, y - design @ solution
    return found


@pytest.mark.parametrize("observable", ALL)
def test_measured_table(joint: dict, observable: str) -> None:
    solution, scatter = joint[observable]
    low, high = np.percentile(scatter, [16, 84])
    np.testing.assert_array_less(np.abs([*solution, (high - low) / 2] - np.array(MEASURED[observable])), TOLERANCE)


def test_listed_compton_parameter_is_the_thermal_energy_over_the_area(records: Records) -> None:
    assert records.r500c_kpc is not None
    log = np.log10(records.y500 * records.r500c_kpc**2 / (records.m_gas * records.temperature))
    for redshift in np.unique(records.redshift):
        one = log[records.redshift == redshift]
        assert one.size > 500
        assert np.ptp(one) < 2e-5  # single precision, printed with six digits
        # the list rounds redshifts to 0.01, up to 0.005: 2 log10(1 + z) is off by up to 0.004
        assert one.mean() == pytest.approx(MeasuredNumbers().log_y500, abs=0.004)
    # exact redshifts, from the radii: R500c, comoving, goes as (1 + z) E(z)^(-2/3) at fixed mass
    comoving = records.r500c_kpc * (1 + records.redshift)
    exact = np.empty(len(records))
    for redshift in np.unique(records.redshift):
        here = records.redshift == redshift
        z = np.linspace(redshift - 0.006, redshift + 0.006, 1201)
        radius = COSMOLOGY.r500c_kpc(np.full(z.shape, records.m500c[here][0]), z) * (1 + z)
        exact[here] = np.interp(comoving[here][0], radius, z)
    log += 2 * np.log10((1 + records.redshift) / (1 + exact))
    np.testing.assert_allclose(log, MeasuredNumbers().log_y500, atol=1e-4)
    # so the 0.18 dex of Y500c per thermal energy is the range of radii, no scatter of its own
    per_energy = np.log10(records.y500 / (records.m_gas * records.temperature))
    assert per_energy.std() == pytest.approx(0.18, abs=0.01)
    assert stats.spearmanr(per_energy, records.r500c_kpc).statistic < -0.999


@pytest.mark.parametrize("observable", ALL)
def test_after_the_correction_no_redshift_is_left(joint: dict, records: Records, observable: str) -> None:
    # 0.0663 and 0.07 are both tried: the residuals know nothing of redshift after E(z)^g
    for z in (0.0663, 0.07):
        halos = at_redshift(records, z, 13.4)
        log_x = np.log10(getattr(halos, observable))
        fit = fit_power_law(halos.log_m, log_x, outlier_dex=OUTLIER_DEX, n_bootstrap=10)
        scatter = log_x - fit.log_x(halos.log_m)
        assert abs(stats.spearmanr(scatter, halos.redshift).statistic) < 0.06
    growth = np.log10(COSMOLOGY.e(records.redshift) / COSMOLOGY.e(0.0663))
    uncorrected = joint[observable][1] + MEASURED[observable][2] * growth
    assert abs(stats.spearmanr(uncorrected, records.redshift).statistic) > 0.1


@pytest.mark.parametrize("observable", OBSERVABLES)
def test_catalog_has_the_relations_of_table_2(halos: HaloCatalog, observable: str) -> None:
    fit = fit_relations(halos, n_bootstrap=50)[observable]
    slope, at_unit_mass = TABLE_2[observable]
    assert fit.slope == pytest.approx(slope, abs=0.04)
    assert fit.log_x0 == pytest.approx(slope * 14.4 + at_unit_mass, abs=0.06)


def test_rank_correlations(joint: dict) -> None:
    found = rank_correlations({name: joint[name][1] for name in OBSERVABLES})
    expected = {"lx,temperature": -0.37, "lx,m_gas": 0.82, "temperature,m_gas": -0.47}
    assert found == pytest.approx(expected, abs=0.011)


def test_catalog(halos: HaloCatalog, tmp_path: Path) -> None:
    assert len(halos) == 2875
    assert np.unique(halos.redshift) == pytest.approx([0.10, 0.14, 0.17, 0.21, 0.25, 0.29])
    assert abundance_ratio(halos, COSMOLOGY, box_mpc_h=352) == 1  # thinned
    assert any("3292 rows" in line for line in halos.provenance)
    write_catalog(tmp_path / "halos.ecsv", halos)
    np.testing.assert_array_equal(read_catalog(tmp_path / "halos.ecsv").lx, halos.lx)


def test_radii_are_comoving_kpc_over_h(records: Records) -> None:
    assert records.r500c_kpc is not None
    ratio = records.r500c_kpc / COSMOLOGY.r500c_kpc(records.m500c, records.redshift)
    np.testing.assert_allclose(ratio, 1, atol=0.003)


def test_npy_and_csv_hold_the_same_clusters(shared_data: Path, records: Records) -> None:
    path = shared_data / "magneticum" / "chandra_clusterList.npy"
    other = read_records(path, cosmology=COSMOLOGY, redshift=0.0663)
    np.testing.assert_array_equal(other.id, records.id)
    np.testing.assert_allclose(other.lx, records.lx, rtol=1e-5)
    np.testing.assert_allclose(other.y500, records.y500, rtol=1e-6)
    assert np.isnan(other.f_core).all()
    assert not np.isnan(records.f_core).any()


def test_numbers_behind_the_surrogate(joint: dict, records: Records) -> None:
    numbers = MeasuredNumbers()
    log_m, lx = np.log10(records.m500c), joint["lx"][1]
    tail = lx > OUTLIER_DEX
    core = {name: joint[name][1][~tail] for name in OBSERVABLES} | {"f_core": records.f_core[~tail]}
    assert core["lx"].std() == pytest.approx(numbers.lx_std, rel=0.02)
    assert core["temperature"].std() == pytest.approx(numbers.temperature_std, rel=0.02)
    expected = dict(zip(rank_correlations(core), np.array(numbers.spearman)[np.triu_indices(4, 1)], strict=True))
    assert rank_correlations(core) == pytest.approx(expected, abs=0.02)
    # the tail: share against mass, strength, gas and core shares
    for low, high in ((13.5, 13.8), (13.8, 14.1), (14.1, 14.4), (14.4, 14.9)):
        here = (log_m > low) & (log_m <= high)
        share = tail_probability(log_m[here], numbers).mean()
        assert tail[here].mean() == pytest.approx(share, abs=3 * np.sqrt(share / here.sum()))
    assert np.mean(lx[tail] - OUTLIER_DEX) == pytest.approx(numbers.tail_mean, rel=0.1)
    assert np.max(lx - OUTLIER_DEX) == pytest.approx(numbers.tail_max, abs=0.01)
    assert np.median(joint["m_gas"][1][tail]) == pytest.approx(numbers.tail_m_gas, abs=0.01)
    logit = special.logit(records.f_core) - numbers.f_core_slope * (log_m - 14)
    assert np.median(logit[~tail]) == pytest.approx(numbers.f_core_logit, abs=0.04)
    assert np.median(logit[tail]) - np.median(logit[~tail]) == pytest.approx(numbers.tail_f_core, abs=0.15)
    for nodes, values in ((numbers.f_core_std, logit), (numbers.m_gas_std, joint["m_gas"][1])):
        near = records.redshift < 0.12 if nodes is numbers.m_gas_std else ~tail
        for center, std in nodes:
            here = near & (np.abs(log_m - center) < 0.15)
            assert values[here].std() == pytest.approx(std, abs=3 * std / np.sqrt(2 * here.sum()) + 0.05 * std)
