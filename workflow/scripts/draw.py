"""Draw a figure (.pdf, .png), or print a table (.md, .tex, .html), from its CSV; the looks are in paper_figures/."""

from __future__ import annotations

import html
import importlib
import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from encluster import files
from encluster.paper.scorecard.macros import escaped
from encluster.running import command_line

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PAPER_FIGURES = Path(__file__).parents[2] / "paper_figures"
STYLE = (
    "body{font:15px/1.45 Georgia,serif;margin:2em;color:#222}table{border-collapse:collapse}"
    "caption{caption-side:bottom;text-align:left;padding-top:1em;max-width:60em}"
    "th,td{text-align:left;padding:.25em 1em .25em 0}thead{border-top:2px solid;border-bottom:1px solid}"
    "tbody{border-bottom:2px solid}"
)


def main() -> None:
    """Read the CSV, make the figure or table, add its caption and say what made its numbers."""
    parser = command_line.plain_parser(__doc__, example="--data results/laptop/fig08.csv --output fig08.pdf fig08.png")
    parser.add_argument("--data", type=Path, required=True, help="results/figNN.csv or tabNN.csv")
    parser.add_argument(
        "--output", type=command_line.output, required=True, nargs="+", help=".pdf or .png; or .md, .tex or .html"
    )
    arguments = parser.parse_args()
    sys.path.insert(0, str(PAPER_FIGURES))
    os.environ["MPLBACKEND"] = "Agg"
    module = importlib.import_module(arguments.data.stem)
    figure = arguments.data.stem.startswith("fig")
    data = files.read_table(arguments.data, keep_default_na=figure)
    made_with = _made_with(*data[["source", "photons"]].iloc[0]) if len(data) else "This run is too small for it."
    caption = f"{module.CAPTION} {made_with}"
    if figure:
        import matplotlib.pyplot as plt

        # a matplotlibrc of the user's must not change a figure
        with plt.style.context(["default", PAPER_FIGURES / "paper.mplstyle"]):
            _save_figure(module.make(data), caption, arguments.output)
    else:
        _save_table(module.make(data), caption, arguments.data.stem, arguments.output)


def _made_with(source: str, photons: str) -> str:
    """Say plainly which simulation made the numbers."""
    if source == "none":
        return ""
    halos = "the surrogate simulation (drawn from measured numbers), not Magneticum itself"
    return (
        f"Halos: {halos if source == 'surrogate' else f'the list {source!r}'}; "
        f"X-ray photons: {'simulated' if photons == 'simulate' else 'from the photon lists of the portal'}."
    )


def _save_figure(figure: Figure, caption: str, outputs: list[Path]) -> None:
    width = figure.get_size_inches()[0]
    wrapped = textwrap.fill(caption, int(width / 0.052))
    figure.text(0.01, -0.02, wrapped, fontsize=8, va="top", ha="left", parse_math=False)
    # layout and extent are worked out once, not for each of the forms
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    extent = figure.get_tightbbox().padded(0.08)
    for output in outputs:
        # without dates, the same numbers make the same bytes
        metadata = {"CreationDate": None} if output.suffix == ".pdf" else {}
        with files.replacing(output) as temporary:
            figure.savefig(temporary, bbox_inches=extent, metadata=metadata, dpi=150)


def _save_table(table: pd.DataFrame, caption: str, label: str, outputs: list[Path]) -> None:
    columns = [str(name) for name in table.columns]
    rows = [[str(value) for value in row] for row in table.to_numpy()]
    forms = {".tex": _latex, ".md": _markdown, ".html": _html}
    for output in outputs:
        files.write_text(output, forms[output.suffix](columns, rows, caption, label))


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


if __name__ == "__main__":
    command_line.run(main)
