"""The command that draws figures and prints tables, as a person calls it."""

import re
import struct
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import fig08
import tab03
from encluster.paper.typesetting import plain
from harness import command, failed

WIDTHS = (3.39, 7.1)  # of one column and of a page [in]


def draw(table: Path, *outputs: Path, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return command("draw", "--table", table, "--output", *outputs, *options)


class Cells(HTMLParser):
    """Collects the texts of a page, and the addresses that the page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.cells.append(data.strip())


def information(path: Path) -> dict[str, str]:
    """Return title and subject of a PDF."""
    found = {}
    escapes = {b"n": b"\n", b"r": b"\r"}
    for key, value in re.findall(rb"/(Title|Subject) \(((?:\\.|[^\\)])*)\)", path.read_bytes(), re.DOTALL):
        text = re.sub(rb"\\(.)", lambda match: escapes.get(match[1], match[1]), value, flags=re.DOTALL)
        found[key.decode()] = text.decode("utf-16" if text.startswith(b"\xfe\xff") else "ascii")
    return found


def png_size(path: Path) -> tuple[int, int]:
    """Return width and height in pixels."""
    return struct.unpack(">II", path.read_bytes()[16:24])


def png_resolution(path: Path) -> float:
    """Return the pixels per inch that the PNG states."""
    content = path.read_bytes()
    start = content.index(b"pHYs") + 4
    per_meter, _, unit = struct.unpack(">IIB", content[start : start + 9])
    assert unit == 1
    return per_meter * 0.0254


def pdf_size(path: Path) -> tuple[float, float]:
    """Return width and height in inches."""
    box = re.search(rb"/MediaBox \[ *0 0 ([\d.]+) ([\d.]+) *\]", path.read_bytes())
    assert box is not None
    return float(box[1]) / 72, float(box[2]) / 72


@pytest.fixture
def table(tmp_path: Path) -> Path:
    layers = {"network": ["paper", "paper"], "layer": ["a < b", "total"], "filters": [8, ""], "shape": ["1", ""]}
    numbers = {"activation": ["leaky ReLU", ""], "dropout": [0.25, 0.0], "parameters": [72, 72], "name": ["x", "total"]}
    path = tmp_path / "tab03.csv"
    content = pd.DataFrame(layers | numbers)
    assert list(content) == list(tab03.COLUMNS)
    content.assign(source="none", photons="simulate").to_csv(path, index=False)
    return path


def predictions(path: Path, source: str = "surrogate") -> Path:
    """Write the table of Figure 8 for three catalogs."""
    data = pd.DataFrame({"catalog": range(3), "sigma8_true": [0.7, 0.8, 0.9], "sigma8_predicted": [0.71, 0.8, 0.89]})
    data.insert(0, "network", "standard")
    data = data.assign(delta_sigma8=0.01, delta_sigma8_err=0.001, delta_sigma8_mean=0.01)
    data = data.assign(delta_sigma8_scatter=float("nan"), networks=1)
    assert list(data) == list(fig08.COLUMNS)
    data.assign(source=source, photons="simulate").to_csv(path, index=False)
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


def test_a_pdf_says_what_it_shows(tmp_path: Path) -> None:
    done = draw(predictions(tmp_path / "fig08.csv"), tmp_path / "fig08.pdf")
    assert done.returncode == 0, done.stderr
    found = information(tmp_path / "fig08.pdf")
    assert found["Title"] == plain(f"Figure 8: {fig08.TITLE}")
    assert found["Subject"].startswith(plain(fig08.CAPTION))
    assert "surrogate simulation" in found["Subject"]
    assert not set("$\\{}") & set(found["Title"] + found["Subject"])


def test_a_figure_has_the_width_of_a_column_or_of_the_page(tmp_path: Path) -> None:
    outputs = tmp_path / "fig08.png", tmp_path / "fig08.pdf"
    done = draw(predictions(tmp_path / "fig08.csv"), *outputs)
    assert done.returncode == 0, done.stderr
    width, height = pdf_size(outputs[1])
    assert min(abs(width - allowed) for allowed in WIDTHS) < 0.001
    assert png_resolution(outputs[0]) == pytest.approx(300, abs=0.1)
    assert png_size(outputs[0]) == pytest.approx((300 * width, 300 * height), abs=1)


def test_the_caption_stands_below_the_figure_where_it_is_asked_for(tmp_path: Path) -> None:
    data = predictions(tmp_path / "fig08.csv")
    without, below = tmp_path / "without.pdf", tmp_path / "below.pdf"
    assert draw(data, without).returncode == 0
    done = draw(data, below, options=("--caption",))
    assert done.returncode == 0, done.stderr
    lines = len(plain(fig08.CAPTION)) / 70
    assert pdf_size(below)[1] > pdf_size(without)[1] + lines * 8 / 72
    assert pdf_size(below)[0] < 1.1 * pdf_size(without)[0]
    assert information(below) == information(without)


def test_a_persons_matplotlibrc_changes_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = predictions(tmp_path / "fig08.csv")
    outputs = [tmp_path / f"{name}.{form}" for name in ("plain", "odd") for form in ("png", "pdf")]
    assert draw(data, *outputs[:2]).returncode == 0
    rc = "text.usetex: True\nbackend: QtAgg\nfont.size: 30\nfigure.figsize: 2, 2\nsavefig.transparent: True\n"
    (tmp_path / "matplotlibrc").write_text(rc + "axes.facecolor: red\nsavefig.dpi: 30\nimage.cmap: jet\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    monkeypatch.chdir(tmp_path)  # Matplotlib looks here first
    done = draw(data, *outputs[2:])
    assert done.returncode == 0, done.stderr
    as_shipped, odd = ([path.read_bytes() for path in those] for those in (outputs[:2], outputs[2:]))
    assert len(as_shipped[0]) > 5000
    assert odd == as_shipped


def test_a_missing_table_of_numbers_is_named(tmp_path: Path) -> None:
    failed(draw(tmp_path / "fig01.csv", tmp_path / "fig01.pdf"), f"error: {tmp_path}/fig01.csv: no such file\n")


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
    assert any(f"the list '{label}'" in cell for cell in parsed.cells)
    shown = re.search(r"the list (.*); X-ray", latex)
    assert shown is not None
    # no character of the label is left that LaTeX would take for its own
    left = re.sub(r"\\text[a-z]+\{\}|\\[&%$#_{}]|\$\\alpha\$", "", shown[1])
    assert not set("\\{}$&#%_^~") & set(left), left


@pytest.mark.parametrize("label", ["$x_{$ and \\frac$", "NA", "2021"])
def test_a_label_is_drawn_as_it_is(label: str, tmp_path: Path) -> None:
    done = draw(predictions(tmp_path / "fig08.csv", source=label), tmp_path / "fig08.pdf", options=("--caption",))
    assert done.returncode == 0, done.stderr
    assert f"the list '{label}';" in information(tmp_path / "fig08.pdf")["Subject"]
