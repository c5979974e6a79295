"""The configuration beside the results, and how another one differs from it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from encluster.running.configuration import Configuration
from encluster.running.results_folder import CONFIG_FILE, differences, refusal, spoils, write_configuration

DEFAULT = Configuration()


def changed(**sections: Any) -> Configuration:
    return DEFAULT.changed(sections)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_configuration(tmp_path, DEFAULT)
    return tmp_path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    config = changed(
        seed=5,
        halos={"source": "table", "path": "my list.csv", "columns": {"m500c": {"column": "M: 1", "unit": "Msun"}}},
        mocks={"sigma_wl": (0.2, 0.4)},
        models={"again": {"variant": "no_wl", "seed": 3, "training": {"epochs": 7}}},
    )
    write_configuration(tmp_path, config)
    assert Configuration.read([tmp_path / CONFIG_FILE]) == config
    assert differences(tmp_path, config) == []
    # every key is there, so that another default of a later version changes nothing
    assert yaml.safe_load((tmp_path / CONFIG_FILE).read_text()).keys() == Configuration.model_fields.keys()


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({"seed": 5}, ["seed = 5 (was 2021)"]),
        ({"survey": {"m_min": {"log10": 13.7}}}, ["survey.m_min.log10 = 13.7 (was 13.6)"]),
        ({"mocks": {"scatter": [0.7, 1.4]}}, ["mocks.scatter = [0.7, 1.4] (was [0.7, 1.3])"]),
        (
            {"mock_sets": {"smaller": {"survey": {"slope": 2.0}}}},
            ["mock_sets.smaller.survey.slope = 2.0 (was left out)"],
        ),
        ({"halos": {"source": "table", "path": "x"}}, None),
        ({"results": "other", "overwrite": True}, []),
        ({"training": {"epochs": None}, "mocks": {"scatter": ("0.7", 1.3)}}, []),
    ],
)
def test_each_key_that_differs_is_named_with_both_values(
    folder: Path, sections: dict[str, Any], expected: list[str] | None
) -> None:
    if expected is None:
        sections["halos"]["columns"] = {"m500c": {"column": "M", "unit": "Msun"}}
        expected = [
            "halos.source = table (was surrogate)",
            "halos.path = x (was None)",
            "halos.columns.m500c.column = M (was left out)",
            "halos.columns.m500c.unit = Msun (was left out)",
        ]
        found = differences(folder, changed(**sections))
        assert [line for line in found if "halos.columns = " not in line] == expected
        return
    assert differences(folder, changed(**sections)) == expected


def test_an_empty_folder_differs_from_nothing(tmp_path: Path) -> None:
    assert differences(tmp_path, DEFAULT) == []
    assert differences(tmp_path / "none", DEFAULT) == []


@pytest.mark.parametrize("content", ["{", "[]", "seed: -1", "sede: 1", "\x00", "7"])
def test_a_configuration_that_cannot_be_read_differs(folder: Path, content: str) -> None:
    (folder / CONFIG_FILE).write_text(content)
    assert differences(folder, DEFAULT) == [f"{folder / CONFIG_FILE} cannot be read"]


def test_the_refusal_is_one_line_with_each_way_out() -> None:
    said = refusal(Path("results/tiny"), ["seed = 5 (was 2021)"], replaced=76, seconds=118.0, target="fig12")
    assert said == (
        "results/tiny holds results of another configuration: seed = 5 (was 2021)."
        " 76 of its results would be made again, in about 2.0 min."
        " To use what is there: snakemake --cores all --configfile results/tiny/config.yaml -- fig12."
        " To keep both, choose another folder: --config results=results/tiny_2."
        " To replace them: --config overwrite=true"
    )
    more = refusal(
        Path("results"), ["a = 1 (was 2)", "b = 1 (was 2)", "c = 1 (was 2)"], replaced=1, seconds=1, target="x"
    )
    assert "configuration: a = 1 (was 2) and 2 more keys. 1 of" in more


def test_other_rows_leave_earlier_results_as_they_are(folder: Path) -> None:
    rows = {"models": {"new": {"variant": "no_wl", "seed": 7}}, "ensemble": {"seeds": 3}}
    added = differences(folder, changed(**rows))
    assert len(added) > 1
    assert not spoils(added)
    assert spoils(differences(folder, changed(**rows, survey={"slope": 2.0})))
