"""Does a network recognize simulated clusters? Errors on the half of the clusters that it was trained on, and not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from table_cells import with_error

if TYPE_CHECKING:
    from encluster.types import FloatArray

TITLE = "Networks trained on half of the simulated clusters"
INPUTS = {"predictions": "predictions/{halves}.csv"}
CAPTION = (
    "Networks whose training catalogs were drawn from half of the simulated clusters, tested on catalogs from that "
    "half (used) and from the other half (unseen). The halves have the same distribution of masses. "
    r"$\Delta\sigma_8$: standard deviation of predicted minus true $\sigma_8$; bias: its mean; both with the standard "
    "deviation over several random splits. Ratio: root mean square error on unseen over that on used clusters, mean "
    "and standard error over the splits. A network that has learned single clusters has ratios above one; the ratio of "
    r"$\Delta\sigma_8$ is free of the bias."
)
COLUMNS = {
    "model": ("", "row of the configuration's models"),
    "splits": ("", "random splits into halves, each with its own network"),
    "used_delta_sigma8": ("", r"standard deviation of predicted minus true $\sigma_8$, clusters of the training"),
    "used_delta_sigma8_spread": ("", "its standard deviation over the splits"),
    "used_bias": ("", r"mean of predicted minus true $\sigma_8$, clusters of the training"),
    "used_bias_spread": ("", "its standard deviation over the splits"),
    "unseen_delta_sigma8": ("", r"standard deviation of predicted minus true $\sigma_8$, clusters of the other half"),
    "unseen_delta_sigma8_spread": ("", "its standard deviation over the splits"),
    "unseen_bias": ("", r"mean of predicted minus true $\sigma_8$, clusters of the other half"),
    "unseen_bias_spread": ("", "its standard deviation over the splits"),
    "ratio": ("", "root mean square error of the other half over that of the training's half, mean over the splits"),
    "ratio_err": ("", "standard error of that mean"),
    "width_ratio": ("", "the same for the standard deviation"),
    "width_ratio_err": ("", "standard error of that mean"),
}


def reduce(predictions: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a row per model."""
    from encluster.interpretation.unseen_clusters import errors_of

    found: dict[str, dict[str, list[FloatArray]]] = {}
    for place, table in predictions.items():
        half = "used" if "_first_half_" in place else "unseen"
        for network, errors in errors_of(table).items():
            model = network.rpartition("_half_")[0]
            found.setdefault(model, {"used": [], "unseen": []})[half].append(errors)
    return pd.DataFrame([{"model": model, **_row(**halves)} for model, halves in found.items()])[list(COLUMNS)]


def _row(used: list[FloatArray], unseen: list[FloatArray]) -> dict[str, Any]:
    row: dict[str, Any] = {"splits": len(used)}
    for half, errors in (("used", used), ("unseen", unseen)):
        for name, statistic in (("delta_sigma8", _width), ("bias", np.mean)):
            values = [float(statistic(x)) for x in errors]
            row |= {f"{half}_{name}": np.mean(values), f"{half}_{name}_spread": np.std(values, ddof=1)}
    for name, statistic in (("ratio", _rms), ("width_ratio", _width)):
        ratios = [statistic(b) / statistic(a) for a, b in zip(used, unseen, strict=True)]
        row |= {name: np.mean(ratios), f"{name}_err": np.std(ratios, ddof=1) / np.sqrt(len(ratios))}
    return row


def _width(errors: FloatArray) -> float:
    return float(np.std(errors, ddof=1))


def _rms(errors: FloatArray) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def draw(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed."""
    cells: dict[str, Any] = {"Model": table["model"], "Splits": table["splits"].astype(str)}
    for half in ("used", "unseen"):
        for name, symbol, form in (("delta_sigma8", r"$\Delta\sigma_8$", ".4f"), ("bias", "Bias", "+.4f")):
            cells[f"{symbol}, {half}"] = with_error(table[f"{half}_{name}"], table[f"{half}_{name}_spread"], form)
    cells["Ratio"] = with_error(table["ratio"], table["ratio_err"], ".3f")
    cells[r"Ratio of $\Delta\sigma_8$"] = with_error(table["width_ratio"], table["width_ratio_err"], ".3f")
    return pd.DataFrame(cells)
