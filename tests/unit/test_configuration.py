"""The configuration: every shipped one is valid; a wrong one stops with one line that says what to do."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from encluster.configuration import check, mock_set, model, models, page

ROOT = Path(__file__).parents[2]
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
FULL = yaml.safe_load((ROOT / "config/config.yaml").read_text())


def merged(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    result = copy.deepcopy(base)
    for key, value in overlay.items():
        nested = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if nested else value
    return result


@pytest.mark.parametrize("name", ["config", "laptop", "workstation", "tiny", "magneticum"])
def test_shipped_configurations_are_valid(name: str) -> None:
    overlay = yaml.safe_load((ROOT / f"config/{name}.yaml").read_text())
    if name == "magneticum":
        overlay = merged(overlay, {"halos": {"path": "list.npy"}})
    check(merged(FULL, overlay), SCHEMA)


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ({"sede": 1}, r"^key 'sede' is not known; did you mean 'seed'\?$"),
        ({"mocks": {"sigma_8": {}}}, r"^key 'mocks.sigma_8' is not known; did you mean 'sigma8'\?$"),
        ({"survey": {"slope": -1}}, r"^survey.slope = -1: must be at least 0 \(A in V_obs"),
        ({"survey": {"slope": "2.4"}}, r"^survey.slope = '2.4': must be of type number; in --config, .* overlay file"),
        ({"survey": {"volume_fraction": 1.5}}, r"^survey.volume_fraction = 1.5: must be at most 1"),
        ({"survey": {"m_break": {"unit": "kg"}}}, r"^survey.m_break.unit = 'kg': must be one of Msun, Msun/h"),
        ({"survey": {"m_break": {"log10": 13.0, "unit": "Msun/h"}}}, r"^survey.m_break.log10 = 13.0 .*: must exceed"),
        ({"halos": {"source": "magneticum"}}, r"^halos.path = null: halos.source = magneticum needs the path"),
        ({"halos": {"n_clusters": 49}}, r"^halos.n_clusters = 49: must be at least 50"),
        ({"mass_function": "press74"}, r"^mass_function = 'press74': must be one of bocquet16, tinker08"),
        ({"mocks": {"sigma8": {"last": 0.6}}}, r"^mocks.sigma8.last = 0.6: must be at least first, 0.7$"),
        ({"mocks": {"scatter": [1.3, 0.7]}}, r"^mocks.scatter = \[1.3, 0.7\]: the second must be at least the first"),
        ({"mocks": {"lx_slope": [0.0, 1.0]}}, r"^mocks.lx_slope = \[0.0, 1.0\]: must be positive"),
        ({"mocks": {"scatter": [-1.0, 1.3]}}, r"^mocks.scatter = \[-1.0, 1.3\]: must be positive"),
        (
            {"features": {"interval": [0.5, 0.5]}},
            r"^features.interval = \[0.5, 0.5\]: the second must exceed the first",
        ),
        ({"xray": {"exposure_s": float("nan")}}, r"^xray.exposure_s = nan: must be a finite number"),
        ({"xray": {"wavelet": {"last_scale": 1}}}, r"^xray.wavelet.last_scale = 1: must be at least first_scale"),
        ({"survey": {"m_break": {"log10": 13.7}}}, r"^survey.m_break.log10 = 13.7 \(Msun\): must exceed m_min, 13.6"),
        ({"training": {"weight_decay": 0.1}}, r"^training.weight_decay = 0.1: recipe = paper has none"),
        ({"results": "a b"}, r"^results = 'a b': .*no blanks or quotes"),
        ({"halos": {"url": "file:///x", "source": "table"}}, r"^halos.sha256 = null: a list that is fetched needs"),
        ({"models": {"standard": {"variant": "best"}}}, r"^models.standard.variant = 'best': must be one of standard,"),
        ({"models": {"new": {"variant": "no_wl"}}}, r"^key 'models.new.seed' is missing$"),
        ({"models": {"standard": {"training": {"epochs": 0}}}}, r"^models.standard: training.epochs = 0: must be at"),
        (
            {"models": {"no_wl": {"architecture": {"depth": 3}}}},
            r"^models.no_wl: key 'architecture.depth' is not known",
        ),
        (
            {"mock_sets": {"smaller": {"survey": {"volume": 1}}}},
            r"^mock_sets.smaller: key 'survey.volume' is not known",
        ),
        (
            {"mock_sets": {"larger": {"mocks": {"scatter": [2, 1]}}}},
            r"^mock_sets.larger: mocks.scatter = \[2, 1\]: the",
        ),
        (
            {"models": {"standard_3": {"variant": "no_wl", "seed": 7}}},
            r"^models.standard_3: the ensemble of standard has",
        ),
        ({"ensemble": {"models": ["prescriptive"]}}, r"^ensemble.models: 'prescriptive' reads other columns"),
        ({"mock_sets": {"no_wl": {}}}, r"^mock_sets"),
        ({"ensemble": {"models": ["fast"]}}, r"^ensemble.models: 'fast' is not a row of models: standard, shuffled"),
        ({"features": {"fractions": [0.8, 0.1, 0.2]}}, r"^features.fractions = .* must add up to 1$"),
        (
            {"mocks": {"abundance": "simulation"}, "halos": {"source": "table", "path": "x", "thinned": True}},
            r"no meaning for a thinned list",
        ),
        ({"models": {"standard": {"seed": 1, "variant": "standrad"}}}, r"^models.standard.variant = 'standrad'"),
    ],
)
def test_wrong_configurations_stop_with_one_line(overlay: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        check(merged(FULL, overlay), SCHEMA)
    assert "\n" not in str(caught.value)


def test_a_missing_key_is_named() -> None:
    config = copy.deepcopy(FULL)
    del config["survey"]["slope"]
    with pytest.raises(ValueError, match=r"^key 'survey.slope' is missing$"):
        check(config, SCHEMA)


def test_every_key_is_described() -> None:
    rows = [line for line in page(FULL, SCHEMA).splitlines() if line.startswith("| `")]
    assert len(rows) > 50
    assert [row for row in rows if row.split("|")[3].strip() == ""] == []


def test_rows_change_what_they_name_and_nothing_else() -> None:
    smaller = mock_set(FULL, "smaller")
    assert smaller["survey"] == {**FULL["survey"], "volume_fraction": 0.3, "smoothing_dex": 0.076}
    assert smaller["mocks"] == FULL["mocks"]
    assert mock_set(FULL, "mocks") == {"survey": FULL["survey"], "mocks": FULL["mocks"]}
    prescriptive = model(FULL, "prescriptive")
    assert prescriptive["architecture"] == {**FULL["architecture"], "pooling": "max"}
    assert prescriptive["training"] == {**FULL["training"], "learning_rate": 0.01}
    assert model(FULL, "standard")["architecture"] == FULL["architecture"]


@pytest.mark.parametrize("name", ["laptop", "workstation", "tiny"])
def test_adamw_gets_a_rate_of_its_own(name: str) -> None:
    shipped = merged(FULL, yaml.safe_load((ROOT / f"config/{name}.yaml").read_text()))
    prescriptive = model(shipped, "prescriptive")
    # 0.01 diverges with it
    assert (prescriptive["training"]["recipe"], prescriptive["training"]["learning_rate"]) == ("modern", 0.001)
    assert prescriptive["architecture"]["pooling"] == "max"


def test_an_ensemble_differs_by_its_seeds_alone() -> None:
    members = [name for name in models(FULL) if name.startswith("standard")]
    assert members == ["standard", *(f"standard_{k}" for k in range(2, 11))]
    assert [model(FULL, name)["seed"] for name in members] == list(range(1, 11))
    assert all({**model(FULL, name), "seed": 1} == model(FULL, "standard") for name in members)
