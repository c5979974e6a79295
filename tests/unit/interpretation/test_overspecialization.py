"""The audit: terse values whose dependence on mass and sigma8 is known by construction."""

import re
from dataclasses import asdict

import numpy as np
import pytest

from encluster.interpretation.overspecialization import Audit, audit

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

    @property
    def proxy(self) -> np.ndarray:
        return self.log_m + self.bias + self.error

    def audit(self, terse: np.ndarray, *, seed: int = 0, n_permutations: int = 499, **options: float) -> Audit:
        return audit(terse, self.log_m, self.sigma8, self.offset, seed=seed, n_permutations=n_permutations, **options)


@pytest.fixture(scope="module")
def mocks() -> Mocks:
    return Mocks()


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
    assert found.verdict == "passes"
    assert found.leak < 0.01
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
    assert found.verdict == "overspecialized"
    assert found.leak > 0.03
    assert found.p_value == 1 / 500
    assert found.sentence.startswith("overspecialized: ")


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
    assert all(found.verdict == "overspecialized" for found in values)


def test_a_leak_too_small_to_matter_is_seen_and_passes(mocks: Mocks) -> None:
    found = mocks.audit(mocks.log_m + mocks.error + 0.008 * mocks.label)
    assert found.verdict == "passes"
    assert found.p_value < 0.01
    assert 0.002 < found.leak < 0.015
    assert mocks.audit(mocks.log_m + mocks.error + 0.008 * mocks.label, max_leak=0.001).verdict == "overspecialized"


@pytest.mark.parametrize("terse", [lambda m: np.ones_like(m.noise), lambda m: m.noise], ids=["constant", "noise"])
def test_terse_values_without_mass_have_a_verdict_of_their_own(mocks: Mocks, terse) -> None:
    found = mocks.audit(terse(mocks))
    assert found.verdict == "does not follow mass"
    assert abs(found.rho_mass.rho) < 0.05
    assert found.leak < 0.005


def test_few_catalogs_leave_it_undecided() -> None:
    m = Mocks(n_catalogs=30)
    found = m.audit(m.log_m + m.bias + 0.01 * m.error)
    assert found.verdict == "undecided"
    assert found.detectable > found.max_leak
    assert "chance alone reaches" in found.sentence
    # a blatant leak is found among 30 too
    assert m.audit(m.log_m + m.label).verdict == "overspecialized"


def test_false_alarms_are_as_rare_as_stated() -> None:
    """Of 200 small sets without a leak, p-values are what they say and no more verdicts are wrong than stated."""
    p_values, partial, verdicts = [], [], []
    for seed in range(200):
        m = Mocks(seed, n_catalogs=120, mean_number=12)
        found = m.audit(np.tanh((m.proxy - 13.9) / 0.3), seed=seed, n_permutations=199)
        p_values.append(found.p_value)
        partial.append(found.partial_p_value)
        verdicts.append(found.verdict)
    # here and below: binomial, 3 sigma about 1 % and 10 % of 200
    assert verdicts.count("overspecialized") <= 6
    for values in (p_values, partial):
        assert 0.4 < np.mean(values) < 0.6
        assert np.sum(np.array(values) <= 0.01) <= 6
        assert 7 <= np.sum(np.array(values) <= 0.1) <= 33


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


def test_two_values_of_sigma8_are_enough(mocks: Mocks) -> None:
    label = np.where(mocks.sigma8 > 0.81, 0.9, 0.7)
    for terse, verdict in ((mocks.proxy, "passes"), (mocks.proxy + label[mocks.owner], "overspecialized")):
        found = audit(terse, mocks.log_m, label, mocks.offset, seed=0, n_permutations=199)
        assert found.verdict == verdict


def test_twenty_catalogs_of_ten_clusters_are_read() -> None:
    rng = np.random.default_rng(0)
    found = audit(rng.random(200), rng.random(200), SIGMA8[:20], 10 * np.arange(21), seed=0, n_permutations=199)
    assert found.verdict in ("undecided", "does not follow mass")


@pytest.mark.parametrize(("n_catalogs", "each"), [(1, 400), (4, 100), (19, 20), (20, 2)])
def test_too_few_to_measure_are_undecided(n_catalogs: int, each: int) -> None:
    n = n_catalogs * each
    found = audit(np.arange(n), np.arange(n), SIGMA8[:n_catalogs], each * np.arange(n_catalogs + 1), seed=0)
    assert found.verdict == "undecided"
    assert np.isnan([found.leak, found.p_value, found.detectable, found.rho_mass.rho]).all()
    assert f"{n_catalogs} catalogs with {n} clusters in all are too few" in found.sentence
    assert "the audit needs 20 catalogs and 200 clusters" in found.sentence
    assert "nan" not in found.sentence


def test_the_sentence_is_one_line_with_the_numbers(mocks: Mocks) -> None:
    found = mocks.audit(mocks.proxy)
    assert "\n" not in found.sentence
    assert found.sentence.startswith("passes: ")
    for text in (f"{found.rho_mass.rho:+.3f}", f"p = {found.p_value:.2g}", "limit 2.00%", "400 catalogs"):
        assert text in found.sentence


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(terse=np.zeros(399)), "399 terse values, 400 masses, 20 values of sigma8 and offsets 0 ... 400"),
        (dict(terse=np.full(400, np.nan)), "terse of row 0 is not finite"),
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
