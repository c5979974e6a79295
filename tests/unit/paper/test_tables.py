"""Tables in LaTeX, Markdown and HTML; and all that LaTeX must compile."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import factories as examples
from encluster.paper import numbers as reduction
from encluster.paper.scorecard.macros import macros
from encluster.paper.tex_math import COMMANDS
from encluster.paper.typesetting import TEMPLATES, literal, table_text
from scorecards import FACTS

markdown_it = pytest.importorskip("markdown_it")
CAPTION = r"Scatter of predicted $\sigma_8$ [$h^{-1}\,\mathrm{M}_\odot$], 10--20 %, ± 1"
HOSTILE = [
    "it's {a} $x$ \\\\c <b> & | -- ~^ `k` *x* _y_ ''z'' 50 % #",
    "\\textbf{a} \\input{b}",
    "{% b %} {# c #}",
    "\\",
    "$",
]


class Reader(HTMLParser):
    """Text and tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags = "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


TABLE = pd.DataFrame(
    {
        "Case": ["No WL", literal("50 $ & a|b_c")],
        r"$\Delta\sigma_8$": ["0.0297 ± 0.0013", "-"],
        "Bias": ["-0.0017 ± 0.0001", "+0.1000 ± 0.0001"],
        "$N$": ["10,472", "3"],
        "Definition": ["a text that is so long that it needs several lines", ""],
    }
)


def test_a_table_in_latex() -> None:
    text = table_text(TABLE, ".tex", caption=CAPTION, label="tab04")
    balanced(text)
    assert r"\caption{Scatter of predicted $\sigma_8$" in text
    assert r"\label{tab04}" in text
    assert r"\begin{tabular}{lrrrp{18em}}" in text
    rows = [line for line in text.splitlines() if line.endswith(r" \tabularnewline")]
    assert rows[1].startswith(r"No WL & 0.0297 $\pm$ 0.0013 & $-$0.0017 $\pm$ 0.0001 & 10,472 & \raggedright a text")
    assert rows[2].startswith(r"50 \$ \& a\textbar{}b\_c & - & +0.1000 $\pm$ 0.0001 & 3 &")
    assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {4}


def test_a_table_in_markdown() -> None:
    text = table_text(TABLE, ".md", caption=CAPTION, label="tab04")
    lines = text.splitlines()
    assert lines[0] == r"| Case | $\Delta\sigma_8$ | Bias | $N$ | Definition |"
    assert lines[1] == "| --- | ---: | ---: | ---: | --- |"
    assert lines[2].startswith("| No WL | 0.0297 ± 0.0013 | \u22120.0017 ± 0.0001 | 10,472 | a text")
    parser = markdown_it.MarkdownIt("gfm-like", {"linkify": False})
    cells = [token for token in parser.parse(text) if token.type in ("td_open", "th_open")]
    assert len(cells) == 3 * 5


def test_a_table_in_html() -> None:
    text = table_text(TABLE, ".html", caption=CAPTION, label="tab04")
    reader = Reader()
    reader.feed(text)
    assert [reader.tags.count(tag) for tag in ("table", "tr", "th", "td", "caption")] == [1, 3, 5, 10, 1]
    assert "50 $ & a|b_c" in reader.text
    assert '<td class="number">\u22120.0017 ± 0.0001</td>' in text
    assert not re.search("<script|https?:", text)


def balanced(text: str) -> None:
    """Assert that braces, formulas and environments are closed."""
    shown = re.sub(r"(?<!\\)%.*", "", re.sub(r"\\[&%$#_{}]", "", text))
    depth = np.cumsum([{"{": 1, "}": -1}.get(character, 0) for character in shown])
    assert depth[-1] == 0
    assert depth.min() == 0
    assert shown.count("$") % 2 == 0
    names = re.findall(r"\\(begin|end)\{([a-z*]+)\}", shown)
    assert [name for kind, name in names if kind == "begin"] == [name for kind, name in names if kind == "end"][::-1]


def compiled(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "main.tex").write_text(text)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "main.tex"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")


@pytest.mark.parametrize("document_class", ["article", "aastex631"])
def test_macros_and_tables_compile(document_class: str, tmp_path: Path) -> None:
    texts = {
        "numbers": macros(reduction.measured_numbers(**examples.inputs()), FACTS),
        "tab04": table_text(TABLE, ".tex", caption=CAPTION, label="tab04"),
        "hostile": table_text(
            pd.DataFrame({"text": [literal(text) for text in HOSTILE]}), ".tex", caption="", label="hostile"
        ),
        "symbols": table_text(
            pd.DataFrame({"text": ["".join(COMMANDS)] * 2}), ".tex", caption="".join(COMMANDS), label="symbols"
        ),
    }
    for name, text in texts.items():
        balanced(text)
        (tmp_path / f"{name}.tex").write_text(text)
    if not shutil.which("pdflatex"):
        pytest.skip("needs pdflatex, which is absent here")
    begin = rf"\documentclass{{{document_class}}}\usepackage{{graphicx,amssymb}}\begin{{document}}"
    if compiled(tmp_path, rf"{begin}x\end{{document}}").returncode:
        pytest.skip(f"needs a LaTeX that has {document_class}.cls and all that it loads")
    names = re.findall(r"\\newcommand\{(\\\w+)\}", texts["numbers"])
    inputs = "\n".join(rf"\input{{{name}}}" for name in texts if name != "numbers")
    done = compiled(tmp_path, "\n\n".join([rf"{begin}\input{{numbers}}", *names, inputs, r"\end{document}"]))
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "main.pdf").exists()


def test_every_template_is_used() -> None:
    names = {path.name for path in TEMPLATES.iterdir()}
    root = Path(__file__).parents[3]
    texts = "".join(path.read_text() for path in [*TEMPLATES.iterdir(), *(root / "src/encluster/paper").rglob("*.py")])
    unused = {name for name in names if f'"{name}"' not in texts and not name.startswith("table.")}
    assert unused == set()
    assert {"table.tex", "table.md", "table.html"} <= names
