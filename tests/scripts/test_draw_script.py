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


def test_a_matplotlibrc_of_the_users_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = [0.70, 0.75, 0.80, 0.85, 0.90]
    rows = {"sigma8_true": true, "sigma8_predicted": [value + 0.01 for value in true]}
    path = tmp_path / "fig08.csv"
    source = {
        "source": "surrogate",
        "photons": "simulate",
        "catalogue": 1,
        "delta_sigma8": 0.02,
        "delta_sigma8_err": 0.001,
    }
    pd.DataFrame({**rows, **source}).to_csv(path, index=False)
    images = []
    for rc in ("", "text.usetex: True\nbackend: TkAgg\nfont.size: 40\nsavefig.dpi: 20\nfigure.figsize: 1, 1\n"):
        (tmp_path / "matplotlibrc").write_text(rc)
        monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
        monkeypatch.delenv("MPLBACKEND", raising=False)
        done = draw(path, tmp_path / "fig08.png")
        assert done.returncode == 0, done.stderr
        images.append((tmp_path / "fig08.png").read_bytes())
    assert images[0] == images[1]
