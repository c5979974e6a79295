"""The audit: terse values whose dependence on mass and sigma8 is known by construction."""

import re
from dataclasses import asdict

import numpy as np
import pytest

from encluster.interpretation.overspecialization import audit
from encluster.interpretation.verdict import (
    BELOW_LIMIT,
    FAIL,
    NO_LEAK,
    NO_MASS,
    OVERSPECIALIZED,
    PASS,
    TERSE,
    TOO_FEW,
    UNDECIDED,
    Audit,
)

SIGMA8 = np.linspace(0.70, 0.92, 23)


class Mocks:
    """Catalogs whose numbers and masses rise with sigma8, as selected clusters' do, and biases that do not."""

    def __init__(self, seed: int = 0, n_catalogs: int = 400, mean_number: float = 40) -> None:
        rng = np.random.default_rng(seed)
        self.sigma8 = rng.choice(SIGMA8, n_catalogs)
        number = 1 + rng.poisson(mean_number * (self.sigma8 / 0.81) ** 2)
        self.offset = np.concatenate([[0], np.cumsum(number)])
        self.owner = np.repeat(np.arange(n_catalogs), number)
        # standardized
        self.label = ((self.sigma8 - 0.81) / 0.0663)[self.owner]
        self.log_m = 13.6 + rng.gamma(2.0, 0.15 * self.sigma8[self.owner] / 0.81)
        self.bias = 0.05 * rng.normal(size=n_catalogs)[self.owner]
        self.error = 0.1 * rng.normal(size=len(self.owner))
        self.noise = rng.normal(size=len(self.owner))
        self.chosen = rng.random(len(self.owner))

    @property
    def proxy(self) -> np.ndarray:
        return self.log_m + self.bias + self.error

    def audit(self, terse: np.ndarray, *, seed: int = 0, n_permutations: int = 499, **options: float) -> Audit:
        return audit(terse, self.log_m, self.sigma8, self.offset, seed=seed, n_permutations=n_permutations, **options)


@pytest.fixture(scope="module")
def mocks() -> Mocks:
    return Mocks()


@pytest.fixture(scope="module")
def larger() -> Mocks:
    """As many clusters as in the catalogs of the paper."""
    return Mocks(seed=1, mean_number=110)


SOUND = {
    "a biased and noisy proxy": lambda m: m.proxy,
    "a proxy that falls with mass": lambda m: -m.proxy,
    "a proxy that saturates at both ends": lambda m: np.tanh((m.proxy - 13.9) / 0.1),
    "a proxy on a bent scale": lambda m: np.exp(3 * (m.proxy - 14)),
    "mass itself": lambda m: m.log_m,
    "mass in steps": lambda m: np.round(m.log_m, 1),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_encoder_passes(mocks: Mocks, name: str) -> None:
    found = mocks.audit(SOUND[name](mocks))
    assert (found.verdict, found.reason) == (PASS, NO_LEAK)
    assert found.leak < 0.01
    assert found.r_squared < 0.07
    assert abs(found.rho_mass.rho) > 0.7
    assert (found.n_catalogs, found.n_clusters) == (400, len(mocks.log_m))


LEAKS = {
    "sigma8 and noise": lambda m: m.label + 0.1 * m.noise,
    "sigma8 upside down": lambda m: -m.label + m.noise,
    "mass and some sigma8": lambda m: m.proxy + 0.05 * m.label,
    "sigma8 without a sign": lambda m: m.proxy + 0.1 * np.abs(m.label),
    "sigma8 in the spread": lambda m: m.log_m + 0.1 * m.noise * np.exp(m.label),
    "sigma8 with a sign that mass decides": lambda m: m.proxy + 0.08 * m.label * np.sign(m.log_m - 13.85),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_found_whatever_its_form(mocks: Mocks, name: str) -> None:
    found = mocks.audit(LEAKS[name](mocks))
    assert (found.verdict, found.reason, found.leaking) == (FAIL, OVERSPECIALIZED, (TERSE,))
    assert found.leak > 0.03
    assert found.p_value == 1 / 500
    assert found.sentence.startswith("FAIL: overspecialized (terse value); ")


def test_a_linear_rank_correlation_would_miss_some_of_them(mocks: Mocks) -> None:
    for name in ("sigma8 without a sign", "sigma8 in the spread", "sigma8 with a sign that mass decides"):
        assert abs(mocks.audit(LEAKS[name](mocks)).partial_rho) < 0.1, name


def test_the_size_of_a_leak_is_measured() -> None:
    """A normal terse value whose deviation from mass is to a share of 5 % due to sigma8."""
    values = []
    for seed in range(5):
        m = Mocks(seed)
        label = m.label / m.label.std()
        values.append(m.audit(m.log_m + 0.1 * (np.sqrt(0.05) * label + np.sqrt(0.95) * m.noise)))
    # fifths hold 0.9 of the variance that two nearly normal quantities share
    assert np.mean([found.leak for found in values]) == pytest.approx(0.05, rel=0.2)
    assert np.mean([found.partial_rho for found in values]) == pytest.approx(np.sqrt(0.05), rel=0.1)
    assert all(found.reason == OVERSPECIALIZED for found in values)


def test_a_significant_leak_below_its_limit_is_undecided(mocks: Mocks) -> None:
    terse = mocks.log_m + mocks.error + 0.008 * mocks.label
    found = mocks.audit(terse, max_r_squared=0.5)
    assert (found.verdict, found.reason, found.leaking) == (UNDECIDED, BELOW_LIMIT, (TERSE,))
    assert found.sentence.startswith("UNDECIDED: significant leak below its limit (terse value); ")
    assert found.p_value < 0.01
    assert 0.002 < found.leak < 0.015
    assert mocks.audit(terse, max_leak=0.001).verdict == FAIL


def test_the_same_leak_in_each_cluster_tells_more_of_a_catalog(mocks: Mocks) -> None:
    """A leak of 0.6 % of the variance of a cluster, with independent errors, is half of the variance of 40 means."""
    found = mocks.audit(mocks.log_m + mocks.error + 0.008 * mocks.label)
    assert found.leak < found.max_leak
    assert found.r_squared > found.max_r_squared
    assert found.verdict == FAIL


@pytest.mark.parametrize("terse", [lambda m: np.ones_like(m.noise), lambda m: m.noise], ids=["constant", "noise"])
def test_terse_values_without_mass_have_a_verdict_of_their_own(mocks: Mocks, terse) -> None:
    found = mocks.audit(terse(mocks))
    assert (found.verdict, found.reason) == (FAIL, NO_MASS)
    assert abs(found.rho_mass.rho) < 0.05
    assert found.leak < 0.005


def test_few_catalogs_leave_it_undecided() -> None:
    m = Mocks(n_catalogs=30)
    found = m.audit(m.log_m + m.bias + 0.01 * m.error)
    assert (found.verdict, found.reason) == (UNDECIDED, TOO_FEW)
    assert found.detectable > found.max_leak
    assert "chance alone reaches" in found.sentence
    # a blatant leak is found among 30 too
    assert m.audit(m.log_m + m.label).reason == OVERSPECIALIZED


def test_false_alarms_are_as_rare_as_stated() -> None:
    """Of 200 small sets without a leak, p-values are what they say and no more leaks are found than stated."""
    values = {"share": [], "partial": [], "regression": [], "input": []}
    leaking = []
    for seed in range(200):
        m = Mocks(seed, n_catalogs=120, mean_number=12)
        # the scatter rises with mass
        terse = np.tanh((m.log_m + m.bias + m.error * (m.log_m - 13.3) - 13.9) / 0.3)
        wl = m.log_m + 0.1 * m.noise
        found = m.audit(terse, seed=seed, n_permutations=199, supplementary={"wl": wl}, confidence=0.9)
        other = found.supplementary["wl"]
        p_values = found.p_value, found.partial_p_value, found.r_squared_p_value, other.r_squared_p_value
        for key, p_value in zip(values, p_values, strict=True):
            values[key].append(p_value)
        leaking.append(bool(found.leaking))
    # here and below: binomial, 3 sigma about 10 % and 1 % of 200
    assert sum(leaking) <= 33
    for name, p_values in values.items():
        assert 0.4 < np.mean(p_values) < 0.6, name
        assert np.sum(np.array(p_values) <= 0.01) <= 6, name
        assert 7 <= np.sum(np.array(p_values) <= 0.1) <= 33, name


def test_clusters_of_one_catalog_err_alike_and_the_audit_knows() -> None:
    """Biases of 100 catalogs go with sigma8 by chance; if clusters were permuted, each would be an alarm."""
    alarms, naive = 0, 0
    for seed in range(20):
        m = Mocks(seed, n_catalogs=100, mean_number=100)
        found = m.audit(m.log_m + m.bias + 0.02 * m.noise, seed=seed, n_permutations=199)
        alarms += found.partial_p_value <= 0.01
        naive += abs(found.partial_rho) * np.sqrt(len(m.owner)) > 2.58
    assert alarms <= 2
    assert naive >= 10


def test_masses_that_follow_sigma8_are_no_leak() -> None:
    """Their own share is the yardstick; a terse value that is a function of mass has it and no more."""
    m = Mocks(n_catalogs=400)
    found = m.audit(m.log_m)
    assert found.rho_sigma8.low > 0.05
    assert found.mass_share_of_sigma8 > 0.01
    assert abs(found.partial_rho) < 0.03
    assert found.leak < 0.002


def test_the_same_seed_gives_the_same_and_another_nearly_so(mocks: Mocks) -> None:
    first, again, other = (mocks.audit(mocks.proxy, seed=seed) for seed in (1, 1, 2))
    assert asdict(first) == asdict(again)
    assert first.p_value != other.p_value
    assert first.leak == pytest.approx(other.leak, abs=0.003)


PLANTED = {
    "1 % of the clusters carry sigma8": lambda m: np.where(m.chosen < 0.01, 20 + m.sigma8[m.owner], m.proxy),
    "3 % of the clusters carry sigma8": lambda m: np.where(m.chosen < 0.03, 20 + m.sigma8[m.owner], m.proxy),
    "2 % of the variance": lambda m: m.log_m + 0.1 * (np.sqrt(0.02) * m.label + np.sqrt(0.98) * m.noise),
    "5 % of the variance": lambda m: m.log_m + 0.1 * (np.sqrt(0.05) * m.label + np.sqrt(0.95) * m.noise),
    "the highest tenth": lambda m: m.proxy + 0.1 * m.label * (m.error > 0.128),
    "the scatter": lambda m: m.log_m + m.bias + m.error * np.exp(0.1 * m.label),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_leak_in_a_catalog_is_found(larger: Mocks, name: str) -> None:
    found = larger.audit(PLANTED[name](larger))
    assert (found.verdict, found.reason) == (FAIL, OVERSPECIALIZED)
    assert found.r_squared > found.max_r_squared
    assert found.r_squared_p_value == 1 / 500


def test_the_test_of_one_cluster_misses_some_of_them(larger: Mocks) -> None:
    for name in ("1 % of the clusters carry sigma8", "3 % of the clusters carry sigma8", "the highest tenth"):
        found = larger.audit(PLANTED[name](larger), max_r_squared=1.0)
        assert found.verdict != FAIL, name


def test_a_leak_by_a_supplementary_input_is_found_and_named(mocks: Mocks) -> None:
    sound = {"constant": np.ones_like(mocks.noise), "mass": mocks.log_m, "wl": mocks.log_m + 0.1 * mocks.noise}
    found = mocks.audit(mocks.proxy, n_permutations=999, supplementary=sound)
    assert found.verdict == PASS
    assert found.n_tests == 8
    leaking = sound | {"wl": sound["wl"] + 0.03 * mocks.label}
    found = mocks.audit(mocks.proxy, n_permutations=999, supplementary=leaking)
    assert (found.verdict, found.leaking) == (FAIL, ("wl",))
    assert found.sentence.startswith("FAIL: overspecialized (wl); ")
    assert found.supplementary["wl"].r_squared > 0.1
    assert found.r_squared < 0.07


def test_two_values_of_sigma8_are_enough(mocks: Mocks) -> None:
    label = np.where(mocks.sigma8 > 0.81, 0.9, 0.7)
    for terse, verdict in ((mocks.proxy, PASS), (mocks.proxy + label[mocks.owner], FAIL)):
        found = audit(terse, mocks.log_m, label, mocks.offset, seed=0, n_permutations=199)
        assert found.verdict == verdict


def test_twenty_catalogs_of_ten_clusters_are_read() -> None:
    rng = np.random.default_rng(0)
    found = audit(rng.random(200), rng.random(200), SIGMA8[:20], 10 * np.arange(21), seed=0, n_permutations=199)
    assert found.reason in (TOO_FEW, NO_MASS)


@pytest.mark.parametrize(("n_catalogs", "each"), [(1, 400), (4, 100), (19, 20), (20, 2)])
def test_too_few_to_measure_are_undecided(n_catalogs: int, each: int) -> None:
    n = n_catalogs * each
    found = audit(np.arange(n), np.arange(n), SIGMA8[:n_catalogs], each * np.arange(n_catalogs + 1), seed=0)
    assert (found.verdict, found.reason) == (UNDECIDED, TOO_FEW)
    assert np.isnan([found.leak, found.p_value, found.detectable, found.rho_mass.rho]).all()
    assert f"too few catalogs: {n_catalogs} catalogs with {n} clusters in all cannot tell a leak" in found.sentence
    assert "the audit needs 20 catalogs and 200 clusters" in found.sentence
    assert "nan" not in found.sentence


def test_the_sentence_is_one_line_with_the_numbers(mocks: Mocks) -> None:
    found = mocks.audit(mocks.proxy)
    assert "\n" not in found.sentence
    assert found.sentence.startswith("PASS: no leak found, and the terse value follows mass; ")
    for text in (f"{found.rho_mass.rho:+.3f}", f"p = {found.p_value:.2g}", "limit 2.00%", "400 catalogs"):
        assert text in found.sentence


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(terse=np.zeros(399)), "terse value has the shape (399,), expected one number per mass, (400,)"),
        (dict(terse=np.full(400, np.nan)), "terse value of row 0 is not finite"),
        (dict(log_m500c=np.zeros(399)), "399 masses, 20 values of sigma8 and offsets 0 ... 400 of 20 catalogs"),
        (
            dict(supplementary={"log_lx": np.zeros(3)}),
            "log_lx has the shape (3,), expected one number per mass, (400,)",
        ),
        (dict(n_permutations=300, supplementary={"a": np.zeros(400)}), "needs at least 4 / (1 - confidence) - 1"),
        (dict(sigma8_of_catalog=np.full(20, 0.8)), "all 20 catalogs have sigma8 = 0.8"),
        (dict(offset=np.concatenate([[0, 0], 20 * np.arange(2, 21)])), "catalog 0 has no clusters"),
        (dict(n_permutations=50), "n_permutations = 50, confidence = 0.99: "),
    ],
)
def test_what_cannot_be_audited_is_named(changed: dict, message: str) -> None:
    arguments = {
        "terse": np.arange(400.0),
        "log_m500c": np.arange(400.0),
        "sigma8_of_catalog": SIGMA8[:20],
        "offset": 20 * np.arange(21),
        "seed": 0,
        **changed,
    }
    with pytest.raises(ValueError, match=re.escape(message)):
        audit(**arguments)
