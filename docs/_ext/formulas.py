"""Formulas as plain HTML: the pages load no script and no font from elsewhere, and need no font for mathematics."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math.math2html import math2html
from docutils.writers import html5_polyglot


def _html(tex: str) -> str:
    """Return a formula as HTML, with the spaces of TeX: after a function, none between a sign and its number."""
    tex = re.sub(r"\\(ln|log)\b(?![_^])\s*(?=[\\\w])", r"\\\1\\,", tex)
    return str(math2html(re.sub(r"(^|\{)-(?=\d)", "\\1\N{MINUS SIGN}", tex)))


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(f'<span class="formula">{_html(node.astext())}</span>')
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="formula">{_html(node.astext())}</div>')
    raise nodes.SkipNode


def _choose(_: Any, config: Any) -> None:
    config.html_math_renderer = "formulas"
    config.html_static_path.append(str(Path(html5_polyglot.__file__).parent / "math.css"))
    config.html_css_files.append("math.css")


def setup(app: Any) -> dict[str, bool]:
    """Register the renderer and choose it."""
    app.add_html_math_renderer("formulas", (_inline, None), (_block, None))
    app.connect("config-inited", _choose)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
