r"""Texts that hold TeX between dollar signs, typeset for LaTeX, Markdown, HTML, reStructuredText and plain Unicode.

Captions, quantities, units and cells are such texts, for example ``Scatter of predicted $\sigma_8$``. Outside the
formulas every character stands for itself, with three exceptions: two hyphens are an en dash, a hyphen before a number
is a minus sign, and a backslash before a backslash, a dollar sign or a hyphen shows that character. `literal` writes
these backslashes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from encluster.paper.tex_math import COMMANDS, convert

if TYPE_CHECKING:  # every start of the workflow imports this module
    import jinja2
    import pandas as pd

TEMPLATES = Path(__file__).parent / "templates"
WIDE = 36  # characters: a longer cell is set in several lines
_PIECE = re.compile(
    r"\\(?P<shown>[\\$-])|\$(?P<tex>[^$]*)\$|(?P<dash>--)|(?P<minus>(?<![\w.)\]$])-(?=\d))|(?P<text>[^\\$-]+|.)",
    re.DOTALL,
)
_SIGN = {"dash": "\N{EN DASH}", "minus": "\N{MINUS SIGN}"}
_ONE = r"[+-]?\d[\d,]*(\.\d+)?( ± \d+(\.\d+)?)?( ?%)?"
_NUMBER = re.compile(rf"{_ONE}( / {_ONE})*|\$[\d.{{}},+\-\s^_]+(\\(pm|times)[\d.^{{}}\-\s]+)?\$|--?|")
_ONLY_NUMBERS = re.compile(r"([\d.+\-\s]|\{,\}|\\pm(?![A-Za-z]))+")
_IN_LATEX = {
    **{character: f"${command}$" for character, command in COMMANDS.items()},
    **{character: "\\" + character for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "-": "-{}",  # no ligatures
    "'": "'{}",
    "\N{EN DASH}": "--",
    "\N{MINUS SIGN}": "$-$",
    "\N{NO-BREAK SPACE}": "~",
}
_IN_LATEX_MATH = {character: f"{command} " for character, command in COMMANDS.items()} | {"\N{MINUS SIGN}": "-"}
# commands of MathJax and KaTeX that hold nothing that Markdown takes for its own
_IN_MARKDOWN_MATH = {
    r"\,": r"\thinspace ",
    r"\;": r"\thickspace ",
    "|": r"\vert ",
    "<": r"\lt ",
    ">": r"\gt ",
    "*": r"\ast ",
}


def literal(text: str) -> str:
    """Return a text of the user's in the form that every target shows as it is.

    Parameters
    ----------
    text : str
        Any text, for example the name of a halo list.

    Returns
    -------
    str
        The text with a backslash before each backslash, dollar sign and hyphen.
    """
    return re.sub(r"([\\$-])", r"\\\1", text)


def latex(text: str) -> str:
    r"""Return a text as LaTeX; ± becomes ``$\pm$``.

    Parameters
    ----------
    text : str
        Text with formulas between dollar signs.

    Returns
    -------
    str
        LaTeX for a paragraph or a cell.

    Raises
    ------
    ValueError
        If a formula is not closed, or has a command that `encluster.paper.tex_math` does not know.
    """
    found = []
    for piece, is_tex in _pieces(text):
        if is_tex:
            found.append("$" + "".join(_IN_LATEX_MATH.get(character, character) for character in piece) + "$")
        else:
            found.append("".join(_IN_LATEX.get(character, character) for character in piece))
    # braces after a hyphen or an apostrophe are needed before another one only
    return re.sub(r"([-'])\{\}(?!\1)", r"\1", "".join(found))


def markdown(text: str) -> str:
    """Return a text as Markdown, with formulas as GitHub and MyST render them; for a paragraph or a cell.

    Parameters
    ----------
    text : str
        Text with formulas between dollar signs.

    Returns
    -------
    str
        Markdown. A formula that has only numbers and their errors becomes Unicode text.

    Raises
    ------
    ValueError
        As `latex`.
    """
    found = []
    for piece, is_tex in _pieces(text):
        if is_tex and _ONLY_NUMBERS.fullmatch(piece):
            found.append(convert(piece, "plain"))
        elif is_tex:
            for tex, other in _IN_MARKDOWN_MATH.items():
                piece = piece.replace(tex, other)
            found.append(f"${' '.join(piece.split())}$")
        else:
            found.append(re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", piece).replace("$", "&#36;"))
    # a list begins with one of these
    return re.sub(r"^([-+=])", r"\\\1", re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", "".join(found)))


def html(text: str) -> str:
    """Return a text as HTML that needs no JavaScript.

    Parameters
    ----------
    text : str
        Text with formulas between dollar signs.

    Returns
    -------
    str
        HTML for the inside of an element, with ``<i>``, ``<sub>`` and ``<sup>``.

    Raises
    ------
    ValueError
        As `latex`.
    """
    return "".join(convert(piece, "html") if is_tex else escape(piece, quote=False) for piece, is_tex in _pieces(text))


def restructuredtext(text: str) -> str:
    """Return a text as a paragraph of reStructuredText, with the role ``:math:``.

    Parameters
    ----------
    text : str
        Text with formulas between dollar signs.

    Returns
    -------
    str
        reStructuredText.

    Raises
    ------
    ValueError
        As `latex`.
    """
    found = ""
    for piece, is_tex in _pieces(text):
        if is_tex:
            before = r"\ " if found and not found[-1].isspace() else ""
            found += rf"{before}:math:`{piece.strip()}`"
        else:
            after = r"\ " if found.endswith("`") and not piece[0].isspace() else ""
            found += after + re.sub(r"([\\*`_|]|:(?=:))", r"\\\1", piece)
    # a list, a title or another block begins with one of these
    starts = r"(?=[^\w\\:]|:(?!math:`)|\w{1,9}[.)])"
    return re.sub(f"^{starts}", r"\\", found.strip())


def plain(text: str) -> str:
    """Return a text as Unicode without markup, for the metadata of a PDF and the texts in a CSV.

    Parameters
    ----------
    text : str
        Text with formulas between dollar signs.

    Returns
    -------
    str
        For example σ8, M_gas or h⁻¹ Msun.

    Raises
    ------
    ValueError
        As `latex`.
    """
    return "".join(convert(piece, "plain") if is_tex else piece for piece, is_tex in _pieces(text))


def table_text(table: pd.DataFrame, form: str, *, caption: str, label: str) -> str:
    """Return a table with its caption as text.

    Parameters
    ----------
    table : pd.DataFrame
        What to print; names of columns and cells may hold formulas.
    form : {".tex", ".md", ".html"}
        LaTeX needs the package graphicx, which scales a table that is wider than the page.
    caption, label : str
        What the table shows, and its name, for example tab04.

    Returns
    -------
    str
        The content of a file.
    """
    names, cells = [str(name) for name in table.columns], table.astype(str).to_numpy().tolist()
    return render(f"table{form}", table=Table.of(names, cells), caption=caption, label=label)


@dataclass(frozen=True)
class Table:
    """A table as the templates take it.

    Parameters
    ----------
    headings : list of str
        A heading per column; headings and cells may hold formulas.
    rows : list of list of str
        The cells.
    numeric : list of bool
        Columns of numbers, which are aligned to the right.
    wide : list of bool
        Columns of long texts, which are set in several lines.
    """

    headings: list[str]
    rows: list[list[str]]
    numeric: list[bool]
    wide: list[bool]

    @classmethod
    def of(cls, headings: Sequence[str], rows: Sequence[Sequence[str]], *, align: bool = True) -> Table:
        """Return a table of texts, with the alignment that suits them.

        Parameters
        ----------
        headings : sequence of str
            A heading per column.
        rows : sequence of sequence of str
            A cell per column.
        align : bool, optional
            Whether columns of numbers are aligned to the right.

        Returns
        -------
        Table
            The table.
        """
        columns = [[row[k] for row in rows] for k in range(len(headings))]
        numeric = [align and any(cells) and all(map(_NUMBER.fullmatch, cells)) for cells in columns]
        wide = [any(len(plain(cell)) > WIDE for cell in cells) for cells in columns]
        return cls(list(headings), [list(row) for row in rows], numeric, wide)

    @property
    def alignment(self) -> str:
        """The columns as LaTeX's ``tabular`` takes them."""
        return "".join(
            "p{18em}" if wide else "r" if numeric else "l"
            for wide, numeric in zip(self.wide, self.numeric, strict=True)
        )


def render(template: str, **values: Any) -> str:
    """Fill in one of the templates beside this module.

    Parameters
    ----------
    template : str
        The name of its file.
    **values
        What it asks for.

    Returns
    -------
    str
        The content of a file.
    """
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {f.__name__: f for f in (latex, markdown, html, restructuredtext, plain)}
    return environment


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Return the parts of a text: characters that stand for themselves, and formulas, which are checked."""
    found: list[tuple[str, bool]] = []
    for match in _PIECE.finditer(text):
        tex = match["tex"]
        if tex is not None:
            if not tex.strip():
                raise ValueError(f"the text {text!r} has an empty formula")
            convert(tex, "plain")
            if found and found[-1][1]:
                tex = f"{found.pop()[0]} {tex}"
            found.append((tex, True))
            continue
        if match["text"] == "$":
            raise ValueError(f"the text {text!r} has a dollar sign without its pair")
        piece = _SIGN.get(match.lastgroup or "") or match["shown"] or match["text"]
        if found and not found[-1][1]:
            piece = found.pop()[0] + piece
        found.append((piece, False))
    return [(piece if is_tex else re.sub(r"\s*[\r\n]\s*", " ", piece), is_tex) for piece, is_tex in found]
