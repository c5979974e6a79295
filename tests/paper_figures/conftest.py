"""Drawing as the command does it, with checks of the page."""

import importlib
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

STYLE = Path(__file__).parents[2] / "paper_figures/paper.mplstyle"


@pytest.fixture
def drawn() -> Iterator[Callable[[str, pd.DataFrame], Figure]]:
    """Draw the table of a figure; nothing is too wide, cut off at the edge, too small or below a legend."""
    matplotlib.use("Agg")
    with plt.style.context(["default", STYLE]):
        yield _drawn
    plt.close("all")


def _drawn(name: str, table: pd.DataFrame) -> Figure:
    module = importlib.import_module(name)
    assert list(table) == list(module.COLUMNS)
    text = table.assign(source="surrogate", photons="simulate").to_csv(index=False)
    figure = module.draw(pd.read_csv(StringIO(text)))
    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    assert width in (3.39, 7.1)
    box = figure.get_tightbbox()
    assert min(box.x0, box.y0) > -0.01
    assert (box.x1, box.y1) < (width + 0.01, height + 0.01)
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 7
    for axes in figure.axes:
        if legend := axes.get_legend():
            assert legend.get_window_extent().y0 >= axes.bbox.y1
    return figure
