"""How large a run will be: against what runs made, and against plain counting."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encluster.halos.catalog import HaloCatalog
from encluster.mocks.build import widened_share
from encluster.running.configuration import Configuration
from encluster.running.size import expected_size
from factories import as_csv, build_list, clusters, configuration, surrogate


def of(config: Configuration) -> HaloCatalog:
    return surrogate(config.halos.n_clusters, config.seed)


def test_the_size_is_that_of_a_run() -> None:
    """A run with config/laptop.yaml had 119.99 clusters a catalog and 0.75 % widened, and made 1,388 MB."""
    config = configuration("laptop")
    size = expected_size(config, of(config))
    assert abs(size.n_clusters - 119.99) < 6
    assert 1388 < size.megabytes < 2776
    assert size.notes[0].startswith("Up to 0.8% of the mock clusters have fewer than 5 simulated clusters")


def test_the_size_follows_the_survey() -> None:
    def n(**survey: Any) -> float:
        config = configuration("laptop", survey=survey)
        return expected_size(config, of(config)).n_clusters

    assert n(volume_fraction=0.25) == pytest.approx(n() / 2)
    assert n(m_min={"log10": 14.0, "unit": "Msun/h"}) < n()
    small, large = (expected_size(configuration(mocks={"normalization": {"number": k}}), None) for k in (3, 6))
    assert large.megabytes > small.megabytes + 400


def test_without_a_list_the_mass_function_alone_is_taken() -> None:
    size = expected_size(configuration("laptop"), None)
    assert abs(size.n_clusters - 135) < 10  # science.md: 135 without the factor of the abundance
    assert size.notes == ()


def test_a_list_that_does_not_reach_the_survey(tmp_path: Path) -> None:
    columns = clusters(2000)
    heavy = columns["M500"] > 10**14.25
    path = tmp_path / "heavy.csv"
    path.write_text(as_csv({name: values[heavy] for name, values in columns.items()}))
    halos = build_list(path, log_m_limit=13.58)
    assert len(halos) > 100
    with pytest.raises(
        ValueError, match=r"survey\.m_min is 10\^13\.60 Msun/h, but the \d+ simulated clusters"
    ) as error:
        expected_size(configuration("laptop"), halos)
    assert "m_min: {log10: 14.25, unit: Msun/h}" in str(error.value)
    survey = {"m_min": {"log10": 14.25, "unit": "Msun/h"}, "m_break": {"log10": 14.6, "unit": "Msun/h"}}
    size = expected_size(configuration("laptop", survey=survey), halos)
    assert size.notes[0].startswith("The list has 0.09") or size.notes[0].startswith("The list has 0.1")
    complete = expected_size(configuration("laptop", survey=survey), build_list(path, log_m_limit=14.25))
    assert complete.n_clusters > 5 * size.n_clusters
    assert len(complete.notes) == 1


def test_a_mock_set_is_looked_at_too(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(as_csv(clusters(400)))
    halos = build_list(path, log_m_limit=13.58)
    low = {"survey": {"m_min": {"log10": 13.2, "unit": "Msun/h"}}}
    with pytest.raises(ValueError, match=r"mock_sets\.deep\.survey\.m_min is 10\^13\.20"):
        expected_size(configuration(halos={"log_m_limit": 13.1}, mock_sets={"deep": low}), halos)


def test_widened_share_against_counting() -> None:
    rng = np.random.default_rng(3)
    log_m = np.sort(13.6 + rng.exponential(0.2, 80))
    edges = np.linspace(13.6, 15.2, 17)
    expected = rng.uniform(0, 1, 16)
    share, farthest = widened_share(log_m, edges, expected, window=0.1, minimum=5)
    centers = (edges[1:] + edges[:-1]) / 2
    few = [np.sum(np.abs(log_m - center) <= 0.1) < 5 for center in centers]
    assert share == pytest.approx(expected[few].sum() / expected.sum())
    assert 0.2 < share < 1
    assert farthest == pytest.approx(np.sort(np.abs(log_m - centers[-1]))[4])


@pytest.mark.parametrize(
    ("halos", "message"),
    [
        ({"path": "list.csv"}, r"^halos.path = 'list.csv': is not used by halos.source = surrogate; set halos.source"),
        ({"columns": {"m500c": {}}}, r"^halos.columns = .* is not used by halos.source = surrogate"),
        ({"thinned": True}, r"^halos.thinned = True: is not used by"),
        ({"on_bad": "drop"}, r"^halos.on_bad = 'drop': is not used by"),
        ({"trust_units": True}, r"^halos.trust_units = True: is not used by"),
        ({"hdu": 2}, r"^halos.hdu = 2: is not used by"),
        ({"source": "magneticum", "path": "x", "columns": {"m500c": {}}}, r"^halos.columns = .* is not used by"),
        (
            {"source": "magneticum", "path": "x", "url": "file:///x", "sha256": "0" * 64},
            r"^halos.path = 'x': is not used, as halos.url",
        ),
        ({"source": "magneticum", "path": "x", "sha256": "0" * 64}, r"^halos.sha256 = .* is not used"),
        ({"on_bad": "skip"}, r"^halos.on_bad = 'skip': must be one of stop, drop"),
    ],
)
def test_keys_that_the_source_does_not_use(halos: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        configuration(halos=halos)


def test_a_photon_list_that_is_not_read() -> None:
    with pytest.raises(ValueError, match=r"^xray\.simput\.pattern = .* is not used by xray\.photons = simulate"):
        configuration(xray={"simput": {"pattern": "lists/{id}.fits"}})


@pytest.mark.parametrize(
    "sections",
    [
        {"survey": {"m_min": {"log10": 13.5, "unit": "Msun/h"}}},
        # a row of mock_sets may change the survey for itself; 13.72 Msun is 13.57 Msun/h
        {"mock_sets": {"larger": {"survey": {"m_min": {"log10": 13.72, "unit": "Msun"}}}}},
    ],
)
def test_a_survey_below_the_mass_limit(sections: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"survey\.m_min\.log10 = 13.* must not lie below halos\.log_m_limit = 13\.58"):
        configuration(**sections)
