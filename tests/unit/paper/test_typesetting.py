"""Texts with formulas for each target, read back by independent parsers; and tables."""

import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from encluster.paper.tex_math import COMMANDS, convert
from encluster.paper.typesetting import (
    html,
    latex,
    literal,
    markdown,
    plain,
    restructuredtext,
    table_text,
)

docutils = pytest.importorskip("docutils.core")
nodes = pytest.importorskip("docutils.nodes")
markdown_it = pytest.importorskip("markdown_it")

CAPTION = r"Scatter of predicted $\sigma_8$ [$h^{-1}\,\mathrm{M}_\odot$], 10--20 %, ± 1"
SPECIAL = "\\$%&#_{}~^<>|*`'\"-+=:;.,!?()[]/@ a1"
RNG = np.random.default_rng(0)
HOSTILE = [
    "it's {a} $x$ \\\\c <b> & | -- ~^ `k` *x* _y_ ''z'' --- 50 %",
    "$",
    "\\",
    "\\$\\--",
    "\\alpha $\\alpha$ \\n",
    "- a",
    "+ a",
    "* a",
    "1. a",
    "1) a",
    "a. b",
    "(i) a",
    "# a",
    "> a",
    "=====",
    "-----",
    "__a__ a_ `b`_ |c|_ [1]_ c__",
    ":math:`x`",
    ":field: a",
    ".. a",
    "|a",
    "a::",
    ">>> a",
    "<i>a</i> &amp; &#36; &lt;",
    "[a](b) ![c](d) <https://e> ~~f~~",
    "{{ a }} {% b %} {# c #}",
    "\\textbf{a} \\input{b} \\(c\\)",
    *("".join(RNG.choice(list(SPECIAL), 20)).strip() for _ in range(200)),
]


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags = "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


Target = Callable[[str], str]


def read_html(text: str) -> str:
    reader = _Html()
    reader.feed(text)
    reader.close()
    assert reader.tags == []
    return reader.text


def read_restructuredtext(text: str) -> str:
    settings = {"report_level": 1, "halt_level": 1, "file_insertion_enabled": False}
    document = docutils.publish_doctree(text, settings_overrides=settings)
    (paragraph,) = document.children
    assert isinstance(paragraph, nodes.paragraph)
    return paragraph.astext()


def read_markdown(text: str) -> str:
    parser = markdown_it.MarkdownIt("gfm-like", {"linkify": False})
    opening, content, closing = parser.parse(text)
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in content.children} <= {"text", "text_special"}
    return "".join(child.content for child in content.children)


def read_latex(text: str) -> str:
    """A slow twin: only commands whose meaning is known, and no character that LaTeX takes for its own."""
    names = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textasciigrave": "`"}
    names |= {"textless": "<", "textgreater": ">", "textbar": "|"}
    found = ""
    while text:
        match = re.match(r"\\(?P<name>[a-z]+)\{\}|\\(?P<escaped>[&%$#_{}])|\{\}|(?P<text>[^\\&%$#_{}~^])", text)
        assert match, text
        found += names[match["name"]] if match["name"] else match["escaped"] or match["text"] or ""
        text = text[match.end() :]
    return found


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("target", "read"),
    [
        (html, read_html),
        (markdown, read_markdown),
        (restructuredtext, read_restructuredtext),
        (latex, read_latex),
        (plain, str),
    ],
)
def test_a_text_of_the_user_is_shown_as_it_is(target: Target, read: Target, text: str) -> None:
    assert read(target(literal(text))) == text


@pytest.mark.parametrize("target", [html, markdown, restructuredtext, latex, plain])
def test_a_line_break_is_a_space(target: Target) -> None:
    assert target(literal("a\n\n  b")) == "a b"


def test_no_ligature_in_a_text_of_the_user() -> None:
    assert "--" not in latex(literal("a--b---c"))
    assert "''" not in latex(literal("a''b"))


def test_a_caption_in_each_target() -> None:
    assert latex(CAPTION) == (r"Scatter of predicted $\sigma_8$ [$h^{-1}\,\mathrm{M}_\odot$], 10--20 \%, $\pm$ 1")
    assert html(CAPTION) == (
        "Scatter of predicted <i>σ</i><sub>8</sub> [<i>h</i><sup>\u22121</sup>\u202fM<sub>⊙</sub>], 10\u201320 %, ± 1"
    )
    assert plain(CAPTION) == "Scatter of predicted σ8 [h⁻¹ Msun], 10\u201320 %, ± 1"
    assert restructuredtext(CAPTION).startswith(r"Scatter of predicted :math:`\sigma_8` [\ :math:`h^{-1}\,\mathrm{M}")
    # GitHub takes a backslash before a comma away
    assert markdown(CAPTION) == (
        "Scatter of predicted $\\sigma_8$ \\[$h^{-1}\\thinspace \\mathrm{M}_\\odot$\\], 10\u201320 %, ± 1"
    )


def test_formulas_survive_docutils_and_markdown() -> None:
    text = restructuredtext(r"$\sigma_8$-like ($|x|$).")
    document = docutils.publish_doctree(text, settings_overrides={"report_level": 1, "halt_level": 1})
    assert [node.astext() for node in document.findall(nodes.math)] == [r"\sigma_8", "|x|"]
    assert document.astext() == r"\sigma_8-like (|x|)."
    plugin = pytest.importorskip("mdit_py_plugins.dollarmath")
    parser = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).use(plugin.dollarmath_plugin)
    table = table_text(pd.DataFrame({"a": [r"$|x_1| < y_1$"]}), ".md", caption="c", label="l")
    children = [child for token in parser.parse(table) for child in token.children or ()]
    assert [child.content for child in children if child.type == "math_inline"] == [r"\vert x_1\vert \lt y_1"]


@pytest.mark.parametrize(
    ("tex", "in_html", "in_plain"),
    [
        (r"\Delta\sigma_8", "Δ<i>σ</i><sub>8</sub>", "Δσ8"),
        (r"M_\mathrm{gas}", "<i>M</i><sub>gas</sub>", "M_gas"),
        ("M_{500}", "<i>M</i><sub>500</sub>", "M500"),
        (r"\log_{10} M", "log<sub>10</sub>\u202f<i>M</i>", "log10 M"),
        (r"\mathrm{d}\lg\rho", "d\u202flg\u202f<i>ρ</i>", "d lg ρ"),
        (r"\sigma_{8,\mathrm{true}}", "<i>σ</i><sub>8,true</sub>", "σ8,true"),
        (r"\lg(M)", "lg(<i>M</i>)", "lg(M)"),
        (r"\delta^\star", "<i>δ</i><sup>⋆</sup>", "δ⋆"),
        (r"10^{14.2}", "10<sup>14.2</sup>", "10^14.2"),
        (r"-3 \times 10^{-7}", "\u22123\u00a0×\u00a010<sup>\u22127</sup>", "\u22123 × 10⁻⁷"),
        (r"a=-b", "<i>a</i>\u00a0=\u00a0\u2212<i>b</i>", "a = \u2212b"),
        (r"|\partial x| \leq 10{,}472", "|∂<i>x</i>|\u00a0≤\u00a010,472", "|∂x| ≤ 10,472"),
        (r"x < S", "<i>x</i>\u00a0&lt;\u00a0<i>S</i>", "x < S"),
        (r"\sim 0.03", "∼\u00a00.03", "∼ 0.03"),
        (
            r"0.4^{+0.1}_{-0.2}",
            '0.4<span class="scripts"><sup>+0.1</sup><sub>\u22120.2</sub></span>',
            "0.4 +0.1 \u22120.2",
        ),
        (r"x_i^2", '<i>x</i><span class="scripts"><sup>2</sup><sub><i>i</i></sub></span>', "x_i²"),
        (r"50\,\%\;\rho, \gamma", "50\u202f%\u00a0<i>ρ</i>,\u202f<i>γ</i>", "50 % ρ, γ"),
        (r"V \propto M^A", "<i>V</i>\u00a0∝\u00a0<i>M</i><sup><i>A</i></sup>", "V ∝ M^A"),
    ],
)
def test_formulas(tex: str, in_html: str, in_plain: str) -> None:
    assert convert(tex, "html") == in_html
    assert convert(tex, "plain") == in_plain
    assert latex(f"${tex}$") == f"${tex}$"


@pytest.mark.parametrize("target", [html, markdown, restructuredtext, latex, plain])
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (r"$\frac12$", r"the formula \$\\frac12\$ has the unknown TeX command \\frac"),
        (r"$\sigma_$", "lacks an argument"),
        (r"$\mathrm{M$", "leaves a brace open"),
        (r"$M}$", "closes a brace that is not open"),
        (r"$50 %$", "has the unknown character '%'"),
        ("$\u0416$", "has the unknown character"),
        ("5 $ and more", "has a dollar sign without its pair"),
        ("a $$ b", "has an empty formula"),
    ],
)
def test_what_cannot_be_typeset_is_an_error(target: Target, text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        target(text)


def test_every_symbol_is_one_that_matplotlib_knows_too() -> None:
    """An independent reader of TeX."""
    mathtext = pytest.importorskip("matplotlib.mathtext")
    parser = mathtext.MathTextParser("path")
    assert len(COMMANDS) > 50
    for character, command in COMMANDS.items():
        parser.parse(f"${command}$")
        assert latex(character) == f"${command}$"
        assert plain(f"${command}$") == character


def test_typesetting_loads_nothing_large() -> None:
    """Every start of the workflow imports it."""
    code = "import sys, encluster.paper.typesetting; print(*{'pandas', 'jinja2', 'h5py', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
