"""Draw a figure (.pdf, .png) or print a table (.md, .tex, .html) from its CSV file; paper_figures/ says how."""

from __future__ import annotations

import importlib
import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from encluster import files
from encluster.paper import typesetting
from encluster.running import command_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAPER_FIGURES = Path(__file__).parents[2] / "paper_figures"
DPI = 300


def main() -> None:
    """Read the table; make the figure or table with its caption, which says what made the numbers."""
    parser = command_line.plain_parser(
        __doc__, example="--table results/laptop/fig08.csv --output fig08.pdf fig08.png --caption"
    )
    parser.add_argument("--table", type=Path, required=True, help="figNN.csv or tabNN.csv of a results folder")
    parser.add_argument(
        "--output", type=command_line.output, required=True, nargs="+", help=".pdf or .png; or .md, .tex or .html"
    )
    parser.add_argument("--caption", action="store_true", help="draw the caption below the figure, as for slides")
    arguments = parser.parse_args()
    name = arguments.table.stem
    sys.path.insert(0, str(PAPER_FIGURES))
    os.environ["MPLBACKEND"] = "Agg"
    files.require_file(arguments.table)
    module = importlib.import_module(name)
    is_figure = name.startswith("fig")
    table = files.read_table(arguments.table, keep_default_na=is_figure)
    made_with = _made_with(*table[["source", "photons"]].iloc[0]) if len(table) else "This run is too small for it."
    caption = f"{module.CAPTION} {made_with}".strip()
    if not is_figure:
        printed = module.draw(table)
        for output in arguments.output:
            files.write_text(output, typesetting.table_text(printed, output.suffix, caption=caption, label=name))
        return
    import matplotlib.pyplot as plt

    # a matplotlibrc of the user's must not change a figure
    with plt.style.context(["default", PAPER_FIGURES / "paper.mplstyle"]):
        number = name[3:]
        title = f"Figure {int(number)}: {module.TITLE}" if number.isdigit() else module.TITLE
        _save_figure(module.draw(table), title, caption, arguments.output, show_caption=arguments.caption)


def _made_with(source: str, photons: str) -> str:
    """Return which simulation made the numbers, as sentences."""
    if source == "none":
        return ""
    surrogate = "the surrogate simulation (drawn from measured numbers), not Magneticum itself"
    halos = surrogate if source == "surrogate" else f"the list '{typesetting.literal(source)}'"
    return (
        f"Halos: {halos}; "
        f"X-ray photons: {'simulated' if photons == 'simulate' else 'from the photon lists of the portal'}."
    )


def _save_figure(figure: Figure, title: str, caption: str, outputs: list[Path], *, show_caption: bool) -> None:
    if show_caption:
        width = figure.get_size_inches()[0]
        text = textwrap.fill(typesetting.plain(caption), int(width / 0.052))
        figure.text(0.01, -0.02, text, fontsize=8, va="top", ha="left", parse_math=False)
    # layout and extent are worked out once, not for each of the forms
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    # without the caption, the page has the width that the figure asks for
    extent = figure.get_tightbbox().padded(0.08) if show_caption else None
    # without dates, the same numbers make the same bytes
    about = {"CreationDate": None, "Title": typesetting.plain(title), "Subject": typesetting.plain(caption)}
    for output in outputs:
        metadata = about if output.suffix == ".pdf" else {}
        with files.replacing(output) as temporary:
            figure.savefig(temporary, bbox_inches=extent, metadata=metadata, dpi=DPI)


if __name__ == "__main__":
    command_line.run(main)
