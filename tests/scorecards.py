"""Examples of what the scorecard is made from."""

import numpy as np
import pandas as pd

from encluster.paper.alternatives import ALTERNATIVES
from encluster.paper.published import PUBLISHED
from encluster.paper.scorecard.facts import Facts
from encluster.paper.typesetting import plain

FACTS = Facts(
    source="surrogate", photons="simulate", architecture="compact", parameters=292_322, recipe="modern", epochs=30
)


def of_paper(**changes: float) -> pd.DataFrame:
    """The paper's own numbers in the place of ours, without errors, but for these."""
    values = {name: paper.value for name, paper in PUBLISHED.items()} | changes
    table = pd.DataFrame({"name": values.keys(), "value": values.values(), "plus": 0.0, "minus": 0.0})
    return of_no_network(table)


def of_no_network(table: pd.DataFrame) -> pd.DataFrame:
    """The numbers of a table, without a scatter over networks; with a unit, a meaning and a figure."""
    without = {"scatter": np.nan, "networks": 0, "unit": "", "meaning": "", "figure": ""}
    return table.assign(**{name: value for name, value in without.items() if name not in table})


def with_errors(table: pd.DataFrame, **errors: tuple[float, float, int]) -> pd.DataFrame:
    """The numbers of a table, with these statistical errors, scatters over networks, and numbers of networks."""
    table = table.set_index("name")
    for name, (error, scatter, networks) in errors.items():
        table.loc[name, ["plus", "minus", "scatter"]] = error, error, scatter
        table.loc[name, "networks"] = networks
    return table.reset_index()


def alternatives(**changes: float) -> pd.DataFrame:
    """A row per alternative; all alike but for the columns of the third."""
    row = {"mean_n": 120.0, "mapping": 0.036, "mapping_near_100": np.nan}
    row |= {"proxy_m_gas": 8.9, "proxy_yx": 5.7, "proxy_m_wl": 19.5}
    row |= {"scatter_n_yx": 0.031, "break_yx": 0.5, "break_lx": 0.4}
    errors = {f"{name}_err": 0.01 * value for name, value in row.items()}
    rows = [
        {"decision": r.decision, "reading": plain(r.name), "is_default": not r.decision, **row, **errors, "note": ""}
        for r in ALTERNATIVES
    ]
    rows[2] |= changes
    return pd.DataFrame(rows)
