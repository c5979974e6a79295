"""What the files of figures declare, read without running them."""

from pathlib import Path

import pytest

from encluster.running.figure_files import FigureFile

GOOD = '''"""A figure."""

import nothing_of_this_name

TITLE = "Saliency"
INPUTS = {"a_{model}": "models/{model}/a.csv", "tab03": "tab03.csv"}
CAPTION = "One " r"$\\sigma_8$."
COLUMNS = {"x": ("keV", "a temperature")}
SETTINGS = ("mocks",)
other = unknown()
NAME = unknown()
'''


def test_literals_are_read_and_nothing_is_run(tmp_path: Path) -> None:
    (tmp_path / "fig99.py").write_text(GOOD)
    (tmp_path / "shared_lines.py").write_text("COLORS = ('red',)\n")
    found = FigureFile.read_all(tmp_path)
    assert found.keys() == {"fig99"}
    figure = found["fig99"]
    assert (figure.name, figure.title, figure.caption) == ("fig99", "Saliency", "One $\\sigma_8$.")
    assert figure.settings == ("mocks",)
    assert figure.columns == {"x": ("keV", "a temperature")}


def test_a_row_for_each_model_of_the_ensemble(tmp_path: Path) -> None:
    (tmp_path / "fig99.py").write_text(GOOD)
    paths = FigureFile.read(tmp_path / "fig99.py").paths(["one", "two"])
    assert paths == {"a_one": "models/one/a.csv", "a_two": "models/two/a.csv", "tab03": "tab03.csv"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('TITLE = "Saliency"', "", "declares no TITLE"),
        ('COLUMNS = {"x"', 'COLUMNS = {f"{x}"', "COLUMNS must be a literal"),
        ('("mocks",)', "tuple(names)", "SETTINGS must be a literal"),
    ],
)
def test_a_wrong_declaration_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    path = tmp_path / "fig99.py"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ValueError, match=f"fig99.py: {message}"):
        FigureFile.read(path)
