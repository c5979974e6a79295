"""Tables as LaTeX, Markdown and HTML."""

import html

import pandas as pd

from encluster.paper.scorecard.macros import escaped

STYLE = (
    "body{font:15px/1.45 Georgia,serif;margin:2em;color:#222}table{border-collapse:collapse}"
    "caption{caption-side:bottom;text-align:left;padding-top:1em;max-width:60em}"
    "th,td{text-align:left;padding:.25em 1em .25em 0}thead{border-top:2px solid;border-bottom:1px solid}"
    "tbody{border-bottom:2px solid}"
)


def table_text(table: pd.DataFrame, form: str, *, caption: str, label: str) -> str:
    """Return a table with its caption as text.

    Parameters
    ----------
    table : pd.DataFrame
        What to print; every cell is text.
    form : str
        ``.tex``, ``.md`` or ``.html``.
    caption, label : str
        What the table shows, and its name, for example tab04.
    """
    columns = [str(name) for name in table.columns]
    rows = [[str(value) for value in row] for row in table.to_numpy()]
    return {".tex": _latex, ".md": _markdown, ".html": _html}[form](columns, rows, caption, label)


def _markdown(columns: list[str], rows: list[list[str]], caption: str, label: str) -> str:
    lines = [[cell.replace("|", "\\|") for cell in line] for line in (columns, ["---"] * len(columns), *rows)]
    return "\n".join(["| " + " | ".join(line) + " |" for line in lines]) + f"\n\n*{label}.* {caption}\n"


def _html(columns: list[str], rows: list[list[str]], caption: str, label: str) -> str:
    lines = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows]
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{label}</title>',
            f"<style>{STYLE}</style></head>",
            f"<body><table><caption>{html.escape(caption)}</caption>",
            f"<thead><tr>{''.join(f'<th>{html.escape(name)}</th>' for name in columns)}</tr></thead>",
            "<tbody>",
            *(f"<tr>{line}</tr>" for line in lines),
            "</tbody></table></body></html>\n",
        ]
    )


def _latex(columns: list[str], rows: list[list[str]], caption: str, label: str) -> str:
    lines = [" & ".join(map(_escaped, line)) + r" \\" for line in (columns, *rows)]
    return "\n".join(
        [
            r"\begin{table*}",
            rf"\caption{{{_escaped(caption)}}}\label{{{label}}}",
            rf"\begin{{tabular}}{{{'l' * len(columns)}}}",
            r"\hline",
            lines[0],
            r"\hline",
            *lines[1:],
            r"\hline",
            r"\end{tabular}",
            r"\end{table*}",
            "",
        ]
    )


def _escaped(text: str) -> str:
    return escaped(text).replace("±", r"$\pm$")


def plain(text: str) -> str:
    """Return the text; a stopgap."""
    return text.replace("$", "")


def literal(text: str) -> str:
    """Return the text; a stopgap."""
    return text


def restructuredtext(text: str) -> str:
    """Return the text; a stopgap."""
    return text
