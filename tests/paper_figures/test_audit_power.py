"""Power of the audit: a panel for each kind of leak, and none measured."""

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

import fig_audit_power
from encluster.interpretation import audit_power


def test_each_kind_of_leak_has_a_panel(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    assert list(fig_audit_power.UNITS) == list(audit_power.LEAKS)
    assert tuple(fig_audit_power.COLUMNS) == audit_power.COLUMNS
    rows = [
        (kind, size, 10, 0.1 * k, min(100 * size, 1.0), 1.0, 0.0, 0.01, 0.1)
        for k, kind in enumerate(audit_power.LEAKS)
        for size in (0.0, 0.001, 0.01)
    ]
    power = pd.DataFrame(rows, columns=audit_power.COLUMNS)
    figure = drawn("fig_audit_power", fig_audit_power.reduce(power))
    for k, axes in enumerate(figure.axes):
        in_cluster, in_catalog, _ = axes.get_lines()
        # no leak is drawn at half of the smallest size
        assert list(in_cluster.get_xdata().round(3)) == [0.05, 0.1, 1]
        assert list(in_cluster.get_ydata().round(3)) == [round(0.1 * k, 3)] * 3
        assert list(in_catalog.get_ydata().round(3)) == [0, 0.1, 1]
    assert [axes.get_title() for axes in figure.axes] == list(audit_power.LEAKS)


def test_catalogs_too_few_for_an_audit_leave_the_panels_empty(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    figure = drawn("fig_audit_power", fig_audit_power.reduce(pd.DataFrame(columns=audit_power.COLUMNS)))
    assert len(figure.axes) == 6
    assert not any(axes.get_lines() for axes in figure.axes)
