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
    return pd.DataFrame({"name": values.keys(), "value": values.values(), "plus": 0.0, "minus": 0.0})


def alternatives(**changes: float) -> pd.DataFrame:
    """A row per alternative; all alike but for the columns of the third."""
    row = {"mean_n": 120.0, "mapping": 0.036, "mapping_near_100": np.nan}
    row |= {"proxy_m_gas": 8.9, "proxy_yx": 5.7, "proxy_m_wl": 19.5}
    errors = {f"{name}_err": 0.01 * value for name, value in row.items()}
    rows = [
        {"decision": r.decision, "reading": plain(r.name), "is_default": not r.decision, **row, **errors, "note": ""}
        for r in ALTERNATIVES
    ]
    rows[2] |= changes
    return pd.DataFrame(rows)
