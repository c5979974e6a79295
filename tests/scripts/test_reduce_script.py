"""The command that makes the table of numbers behind a figure, as a person calls it."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import harness
import tab02
from factories import scaling_relations
from harness import ROOT, command, failed, overlay

FIGURE = """
import pandas as pd

TITLE = "Two numbers"
INPUTS = {"one": "audits/one.json", "other": "audits/other.json"}
COLUMNS = {"number": ("keV", "a number")}


def reduce(one, other):
    return pd.DataFrame({"number": [one["number"], other["number"]]})
"""


def reduce(config: Path, target: str, folder: Path) -> harness.subprocess.CompletedProcess[str]:
    return command("reduce", "--config", config, "--target", target, "--output", folder / f"{target}.csv")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return a configuration whose results folder holds two audits."""
    (tmp_path / "run/audits").mkdir(parents=True)
    for name, number in (("one", 1), ("other", 2)):
        audit(tmp_path, name, number=number, source="surrogate")
    return overlay(tmp_path / "config.yaml", results=str(tmp_path / "run"))


def audit(folder: Path, name: str, **content: object) -> None:
    (folder / f"run/audits/{name}.json").write_text(json.dumps(content))


@pytest.fixture
def figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of a made-up figure, in a copy of the folders that the command needs."""
    shutil.copytree(ROOT / "workflow/scripts", tmp_path / "workflow/scripts")
    (tmp_path / "paper_figures").mkdir()
    path = tmp_path / "paper_figures/fig99.py"
    path.write_text(FIGURE)
    monkeypatch.setattr(harness, "SCRIPTS", tmp_path / "workflow/scripts")
    return path


def test_the_columns_are_explained_in_a_table_of_their_own(config: Path, tmp_path: Path) -> None:
    (tmp_path / "run/halos").mkdir()
    scaling_relations().write(tmp_path / "run/halos/scaling.json")
    done = reduce(config, "tab02", tmp_path)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "tab02.csv")
    columns = pd.read_csv(tmp_path / "tab02.columns.csv", keep_default_na=False).set_index("column")
    assert list(columns.index) == list(table) == [*tab02.COLUMNS, "source", "photons"]
    assert tuple(columns.loc["log_x0_pivot", ["unit", "meaning"]]) == tab02.COLUMNS["log_x0_pivot"]
    assert (columns["meaning"] != "").all()
    assert set(table["source"]) == {"surrogate"}
    assert set(table["photons"]) == {"simulate"}


def test_the_source_of_the_inputs_is_that_of_the_table(config: Path, figure: Path, tmp_path: Path) -> None:
    done = reduce(config, "fig99", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "fig99.csv").read_text() == "number,source,photons\n1,surrogate,simulate\n2,surrogate,simulate\n"


def test_inputs_of_different_simulations_are_refused(config: Path, figure: Path, tmp_path: Path) -> None:
    audit(tmp_path, "other", number=2, source="magneticum")
    failed(reduce(config, "fig99", tmp_path), "made from different simulations: magneticum, surrogate\n")
    assert not (tmp_path / "fig99.csv").exists()


@pytest.mark.parametrize("columns", ['"other": ("", "x")', '"number": ("keV", "x"), "other": ("", "x")'])
def test_a_table_with_other_columns_than_declared_is_refused(
    columns: str, config: Path, figure: Path, tmp_path: Path
) -> None:
    figure.write_text(FIGURE.replace('"number": ("keV", "a number")', columns))
    declared = [name for name in ("number", "other") if f'"{name}":' in columns]
    failed(reduce(config, "fig99", tmp_path), f"fig99: has the columns ['number'], declares {declared}\n")
    assert not list(tmp_path.glob("fig99*"))


def test_a_target_without_a_file_is_named(config: Path, tmp_path: Path) -> None:
    failed(reduce(config, "fig99", tmp_path), "paper_figures/fig99.py: no such file\n")


def test_a_missing_input_is_named(config: Path, figure: Path, tmp_path: Path) -> None:
    (tmp_path / "run/audits/other.json").unlink()
    failed(reduce(config, "fig99", tmp_path), "run/audits/other.json: no such file\n")
