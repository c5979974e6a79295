"""Every number that a text about a run would quote; the scorecard compares them with the paper."""

from __future__ import annotations

from typing import Any

import pandas as pd

TITLE = "Numbers of the run"
INPUTS = {
    "tab02": "tab02.csv",
    "tab03": "tab03.csv",
    "tab04": "tab04.csv",
    "fig14": "fig14.csv",
    "fig18": "fig18.csv",
    "provenance_standard": "models/{standard}/provenance.json",
    "provenance_shuffled": "models/{shuffled}/provenance.json",
    "provenance_no_wl": "models/{no_wl}/provenance.json",
    "provenance_array_of_ones": "models/{array_of_ones}/provenance.json",
    "provenance_prescriptive": "models/{prescriptive}/provenance.json",
    "history_standard": "models/{standard}/history.csv",
    "history_prescriptive": "models/{prescriptive}/history.csv",
    "predictions_standard": "models/{standard}/predictions.csv",
    "predictions_shuffled": "models/{shuffled}/predictions.csv",
    "predictions_no_wl": "models/{no_wl}/predictions.csv",
    "predictions_array_of_ones": "models/{array_of_ones}/predictions.csv",
    "predictions_prescriptive": "models/{prescriptive}/predictions.csv",
    "interpretation_standard": "interpretation/{standard}.h5",
    "interpretation_no_wl": "interpretation/{no_wl}.h5",
    "interpretation_prescriptive": "interpretation/{prescriptive}.h5",
    "audit_standard": "audits/{standard}.json",
    "audit_no_wl": "audits/{no_wl}.json",
    "audit_prescriptive": "audits/{prescriptive}.json",
    "mocks": "mocks/mocks.h5",
    "profiles": "xray/profiles.h5",
    "scaling": "halos/scaling.json",
}
SETTINGS = ("cosmology", "mass_function", "box_mpc_h", "survey", "xray", "mocks", "mock_sets", "features")
COLUMNS = {
    "name": ("", "name of the number; that of the paper's number where the paper has one"),
    "value": ("", "value, in the unit that its row states; of several networks, their mean"),
    "plus": ("", "upper statistical error; 0: none"),
    "minus": ("", "lower statistical error; 0: none"),
    "scatter": ("", "standard deviation over networks of different seeds; empty for fewer than two networks"),
    "networks": ("", "number of such networks; 0: the number rests on no network"),
    "unit": ("", "unit; empty: none"),
    "meaning": ("", "what the number is"),
    "figure": ("", "figure or table that shows the number; empty: none"),
}
GROUPS = ("provenance", "history", "predictions", "interpretation", "audit")


def reduce(**inputs: Any) -> pd.DataFrame:
    """Return one row per number."""
    from encluster.paper.numbers import measured_numbers

    grouped: dict[str, Any] = {group: {} for group in (*GROUPS, "tables")}
    for name, content in inputs.items():
        group, _, row = name.partition("_")
        if group in GROUPS:
            grouped[group][row] = content
        elif name.startswith(("fig", "tab")):
            grouped["tables"][name] = content
        else:
            grouped[name] = content
    return measured_numbers(**grouped)
