"""The command that draws figures and prints tables, as a user calls it."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]


def draw(data: Path, *outputs: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "workflow/scripts/draw.py", "--data", data, "--output", *outputs]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


class Cells(HTMLParser):
    """Collects the cells of a page, and whatever it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.cells.append(data.strip())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = {"layer": ["a < b", "total"], "filters": [8, ""], "shape": ["1", ""], "activation": ["leaky ReLU", ""]}
    columns = {**rows, "dropout": [0.25, 0.0], "parameters": [72, 72], "name": ["x", "total"]}
    path = tmp_path / "tab03.csv"
    pd.DataFrame({**columns, "source": "none", "photons": "simulate"}).to_csv(path, index=False)
    return path


def test_a_table_is_printed_in_three_forms_that_agree(table: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"tab03{suffix}" for suffix in (".md", ".tex", ".html")]
    done = draw(table, *outputs)
    assert done.returncode == 0, done.stderr
    markdown, latex, page = (path.read_text() for path in outputs)
    parsed = Cells()
    parsed.feed(page)
    assert "a < b" in parsed.cells
    assert "a < b" not in page  # escaped
    assert parsed.loaded == []
    for text in ("leaky ReLU", "25%"):
        assert text in markdown
        assert text in parsed.cells
        assert text.replace("%", r"\%") in latex


def test_a_persons_matplotlibrc_changes_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    epochs = {"epoch": [1, 2, 3], "training_mse": [0.3, 0.2, 0.1], "validation_mse": [0.3, 0.1, 0.2]}
    selected = {"selected": [False, True, False], "source": "surrogate", "photons": "simulate"}
    data = tmp_path / "fig07.csv"
    pd.DataFrame({**epochs, **selected}).to_csv(data, index=False)
    outputs = [tmp_path / f"{name}.{form}" for name in ("plain", "odd") for form in ("png", "pdf")]
    assert draw(data, *outputs[:2]).returncode == 0
    rc = "text.usetex: True\nbackend: QtAgg\nfont.size: 30\nfigure.figsize: 2, 2\nsavefig.transparent: True\n"
    (tmp_path / "matplotlibrc").write_text(rc + "axes.facecolor: red\nsavefig.dpi: 30\nimage.cmap: jet\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    monkeypatch.chdir(tmp_path)  # Matplotlib looks here first
    done = draw(data, *outputs[2:])
    assert done.returncode == 0, done.stderr
    plain, odd = ([path.read_bytes() for path in those] for those in (outputs[:2], outputs[2:]))
    assert len(plain[0]) > 5000
    assert odd == plain


def test_a_missing_table_of_numbers_is_named(tmp_path: Path) -> None:
    done = draw(tmp_path / "fig01.csv", tmp_path / "fig01.pdf")
    assert done.returncode == 1
    assert done.stderr == f"error: {tmp_path}/fig01.csv: no such file\n"


LABELS = ["it's {a} $x_{1}$ \\c ~ ^ | # % &", "$", "2021", "NA", "<b>\u03b1</b>"]


@pytest.mark.parametrize("label", LABELS)
def test_a_label_remains_text_in_every_form(label: str, table: Path, tmp_path: Path) -> None:
    data = pd.read_csv(table, keep_default_na=False).assign(source=label)
    data.to_csv(table, index=False)
    outputs = [tmp_path / f"tab03{suffix}" for suffix in (".md", ".tex", ".html")]
    done = draw(table, *outputs)
    assert done.returncode == 0, done.stderr
    _, latex, page = (path.read_text() for path in outputs)
    parsed = Cells()
    parsed.feed(page)
    assert any(f"the list {label!r}" in cell for cell in parsed.cells)
    caption = next(line for line in latex.splitlines() if line.startswith(r"\caption{"))
    # no character of the label is left that LaTeX would take for its own
    plain = re.sub(r"\\(textbackslash|textasciitilde|textasciicircum)\{\}|\\[&%$#_{}]", "", caption)
    assert re.fullmatch(r"\\caption\{[^\\{}$&#%_^~]*\}\\label\{tab03\}", plain), plain


@pytest.mark.parametrize("label", ["$x_{$ and \\frac$", "NA", "2021"])
def test_a_label_is_drawn_as_it_is(label: str, tmp_path: Path) -> None:
    data = pd.DataFrame({"sigma8_true": [0.7, 0.8, 0.9], "sigma8_predicted": [0.7, 0.8, 0.9]})
    path = tmp_path / "fig08.csv"
    data.assign(delta_sigma8=0.01, delta_sigma8_err=0.001, source=label, photons="simulate").to_csv(path, index=False)
    done = draw(path, tmp_path / "fig08.pdf")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "fig08.pdf").read_bytes().startswith(b"%PDF")
