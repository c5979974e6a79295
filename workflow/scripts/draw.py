"""Draw a figure (.pdf, .png), or print a table (.md, .tex, .html), from its CSV; the looks are in paper_figures/."""

from __future__ import annotations

import importlib
import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from encluster import files
from encluster.paper.typesetting import table_text
from encluster.running import command_line

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PAPER_FIGURES = Path(__file__).parents[2] / "paper_figures"


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
    for output in outputs:
        files.write_text(output, table_text(table, output.suffix, caption=caption, label=label))


if __name__ == "__main__":
    command_line.run(main)
