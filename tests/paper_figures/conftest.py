"""Drawing as the command does it, with checks of the page."""

import importlib
from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.figure import Figure

import harness


@pytest.fixture
def drawn() -> Callable[[str, pd.DataFrame], Figure]:
    """Draw the table of a figure as `harness.drawn` does; its legends stand above the panels."""

    def draw(name: str, table: pd.DataFrame) -> Figure:
        module = importlib.import_module(name)
        assert list(table) == list(module.COLUMNS)
        figure = harness.drawn(module.draw, table)
        for axes in figure.axes:
            if legend := axes.get_legend():
                assert legend.get_window_extent().y0 >= axes.bbox.y1
        return figure

    return draw
