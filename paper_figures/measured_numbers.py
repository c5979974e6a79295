"""Every number that a text about a run would quote; the scorecard compares them with the paper."""

from __future__ import annotations

from typing import Any

import pandas as pd

TITLE = "Numbers of the run"
INPUTS = {
    "tab02": "tab02.csv",
    "tab03": "tab03.csv",
    "tab04": "tab04.csv",
    "fig08": "fig08.csv",
    "fig12": "fig12.csv",
    "fig14": "fig14.csv",
    "fig15": "fig15.csv",
    "fig16": "fig16.csv",
    "fig18": "fig18.csv",
    "fig21": "fig21.csv",
    "provenance_standard": "models/standard/provenance.json",
    "provenance_prescriptive": "models/prescriptive/provenance.json",
    "interpretation_standard": "interpretation/standard.h5",
    "interpretation_no_wl": "interpretation/no_wl.h5",
    "audit_standard": "audits/standard.json",
    "audit_prescriptive": "audits/prescriptive.json",
    "mocks": "mocks/mocks.h5",
    "profiles": "xray/profiles.h5",
    "scaling": "halos/scaling.json",
}
SETTINGS = ("cosmology", "box_mpc_h", "survey", "xray", "mocks", "mock_sets", "features")
COLUMNS = {
    "name": ("", "name of the number; that of the paper's number where the paper has one"),
    "value": ("", "value, in the unit that its row states"),
    "plus": ("", "upper error; 0: none"),
    "minus": ("", "lower error; 0: none"),
    "unit": ("", "unit; empty: none"),
    "meaning": ("", "what the number is"),
    "figure": ("", "figure or table that shows the number; empty: none"),
}


def reduce(**inputs: Any) -> pd.DataFrame:
    """Return one row per number."""
    from encluster.paper.numbers import reduce as measured

    return measured(**inputs)
