"""What the files of figures declare, read without running them."""

from pathlib import Path

import pytest

from encluster.running.figure_files import FigureFile

GOOD = '''"""A figure."""

import nothing_of_this_name

TITLE = "Saliency"
INPUTS = {"a": "models/{some}/a.csv", "tab03": "tab03.csv"}
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


def test_a_placeholder_stands_for_several_files(tmp_path: Path) -> None:
    (tmp_path / "fig99.py").write_text(GOOD)
    figure, some = FigureFile.read(tmp_path / "fig99.py"), {"some": ["one", "two"], "none": []}
    assert figure.paths(some) == {"a": {"one": "models/one/a.csv", "two": "models/two/a.csv"}, "tab03": "tab03.csv"}
    assert figure.files(some) == ["models/one/a.csv", "models/two/a.csv", "tab03.csv"]
    with pytest.raises(ValueError, match=r"^fig99: \{some\} is not known; there are other$"):
        figure.paths({"other": []})


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
