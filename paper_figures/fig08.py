"""Figure 8: predicted against true sigma8."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from prediction_panel import draw_predictions, predictions_of_test_set

TITLE = r"Predicted against true $\sigma_8$"
INPUTS = {"predictions": "models/{standard}/predictions.csv", "provenance": "models/{standard}/provenance.json"}
CAPTION = (
    r"Predicted against true $\sigma_8$ of the test catalogs, used neither for training nor for model selection. Small "
    r"dots, points and bars are of the network of the first seed: the catalogs, their median at each value of "
    r"$\sigma_8$, and the middle 68% of them. Band: range of the medians of the networks trained from different seeds; "
    r"none if there is one. Dashed: one to one. The number is the standard deviation of predicted minus true, mean "
    r"over the networks, with its bootstrap error over the catalogs and its standard deviation over the networks. The "
    r"paper has $0.0212 \pm 0.0009$ on its own simulation."
)
COLUMNS = {
    "network": ("", "name of the network; the networks of one name differ by their seeds"),
    "catalog": ("", "index of the catalog in the mocks"),
    "sigma8_true": ("", r"true $\sigma_8$"),
    "sigma8_predicted": ("", r"predicted $\sigma_8$"),
    "delta_sigma8": ("", "standard deviation of predicted minus true over the catalogs, of this network"),
    "delta_sigma8_err": ("", "its bootstrap error over the catalogs"),
    "delta_sigma8_mean": ("", "mean of delta_sigma8 over the networks"),
    "delta_sigma8_scatter": ("", "standard deviation of delta_sigma8 over the networks; empty if there is one"),
    "networks": ("", "number of networks"),
}


def reduce(predictions: Mapping[str, pd.DataFrame], provenance: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the predictions of the Standard networks for the test set (section 4.1)."""
    return predictions_of_test_set(predictions, provenance)


def draw(table: pd.DataFrame) -> Figure:
    """Draw one panel."""
    return draw_predictions(table)
