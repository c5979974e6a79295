"""The pages that are made from the configuration say what the configuration is."""

import re

import yaml

from encluster.running.configuration import Configuration
from encluster.running.configuration_pages import config_yaml, page
from encluster.settings import Settings, settings_in


def leaves(model: type[Settings], prefix: str = "") -> list[str]:
    """Return the paths of all keys; NAME stands for the name of a row."""
    found = []
    for name, field in model.model_fields.items():
        inner = settings_in(field.annotation)
        rows = "NAME." if isinstance(field.default, dict) else ""
        found += [f"{prefix}{name}"] if inner is None else leaves(inner, f"{prefix}{name}.{rows}")
    return found


def test_the_file_has_every_default() -> None:
    text = config_yaml()
    content = yaml.safe_load(text)
    assert content.keys() == Configuration.model_fields.keys()
    # as Snakemake hands it on, and as a command reads it
    assert Configuration.of(content).model_dump() == Configuration().model_dump()
    assert max(map(len, text.splitlines())) <= 120
    for name in ("survey", "xray", "mocks", "training"):
        assert content[name].keys() == Configuration.model_fields[name].default.model_dump().keys()


def test_the_page_has_a_row_for_every_key_with_its_default_and_its_range() -> None:
    rows = [[cell.strip() for cell in line.split(" | ")] for line in page().splitlines() if line.startswith("| `")]
    found = {row[0].strip("| `"): row[1:] for row in rows}
    keys = leaves(Configuration)
    assert len(keys) > 90
    assert set(keys) == {key for key in found if not key.endswith("*")}
    assert [key for key, row in found.items() if not row[-1].rstrip(" |")] == []  # each is described
    assert found["seed"][:2] == ["`2021`", "0 ... 4294967295"]
    assert found["survey.volume_fraction"][:2] == ["`0.5`", "> 0 ... 1"]
    assert found["mocks.scatter"][0] == "`[0.7, 1.3]`"
    assert found["models.NAME.variant"][1] == "standard, shuffled, no_wl, array_of_ones, prescriptive"


def test_every_number_has_a_range() -> None:
    numbers = re.findall(r"^\| `([^`]+)` \| `-?[\d.e+]+` \| ([^|]*) \|", page(), re.MULTILINE)
    assert len(numbers) > 40
    assert [key for key, limits in numbers if "..." not in limits] == []
