"""Power of the audit: planted leaks of known size."""

import numpy as np
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.audit_power import COLUMNS, LEAKS, SoundValues, large_enough, power


@pytest.fixture(scope="module")
def catalogs() -> ClusterCatalogs:
    rng = np.random.default_rng(0)
    sigma8, number = rng.choice(np.linspace(0.7, 0.92, 23), 150), 20 + rng.poisson(20, 150)
    offset = np.concatenate([[0], np.cumsum(number)])
    owner = np.repeat(np.arange(150), number)
    log_m = 13.6 + rng.exponential(0.3, offset[-1])
    terse = 0.5 * log_m + 0.06 * rng.normal(size=150)[owner] + 0.08 * rng.normal(size=offset[-1])
    return ClusterCatalogs.of("interpretation", {"sigma8": sigma8, "log_m500c": log_m, "terse": terse}, offset=offset)


def test_slope_scatter_and_shared_part_are_measured_and_drawn(catalogs: ClusterCatalogs) -> None:
    found = SoundValues.like(catalogs)
    assert found.slope == pytest.approx(0.5, abs=0.02)
    assert found.scatter == pytest.approx(0.1, rel=0.1)
    assert found.shared == pytest.approx(0.36, abs=0.1)
    values, trend = found.draw(catalogs, np.random.default_rng(1))
    again = SoundValues.like(catalogs.with_columns(terse=values))
    assert again.shared == pytest.approx(found.shared, abs=0.1)
    assert np.std(values - trend) == pytest.approx(found.scatter, rel=0.1)


@pytest.mark.parametrize("kind", LEAKS)
def test_a_large_leak_is_found_and_none_is_not(catalogs: ClusterCatalogs, kind: str) -> None:
    sound = SoundValues.like(catalogs)
    none, large = (power(catalogs, sound, kind, size, n_audits=3, seed=0) for size in (0.0, 0.3))
    assert tuple(none.index) == COLUMNS
    assert (large["kind"], large["size"], large["n_audits"]) == (kind, 0.3, 3)
    assert none["failed"] == 0
    assert large["failed"] == 1
    assert large["in_catalog"] == 1
    assert large["r_squared"] > 0.2 > none["r_squared"]


def test_few_catalogs_are_too_few(catalogs: ClusterCatalogs) -> None:
    assert large_enough(catalogs)
    assert not large_enough(catalogs.select(range(19)))
