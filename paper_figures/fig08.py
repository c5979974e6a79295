"""Figure 8: predicted against true sigma8."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from prediction_panel import draw_predictions, predictions_of_test_set

TITLE = r"Predicted against true $\sigma_8$"
INPUTS = {"predictions": "models/standard/predictions.csv", "provenance": "models/standard/provenance.json"}
CAPTION = (
    r"Predicted against true $\sigma_8$ of the test catalogs, used neither for training nor for model selection (small "
    r"dots). Points: median at each value of $\sigma_8$; bars: the middle 68% of the catalogs. Dashed: one to one. "
    r"The number is the standard deviation of predicted minus true. The paper has $0.0212 \pm 0.0009$ on its own "
    r"simulation."
)
COLUMNS = {
    "catalog": ("", "index of the catalog in the mocks"),
    "sigma8_true": ("", r"true $\sigma_8$"),
    "sigma8_predicted": ("", r"predicted $\sigma_8$"),
    "delta_sigma8": ("", "standard deviation of predicted minus true, of all catalogs"),
    "delta_sigma8_err": ("", "its bootstrap error"),
}


def reduce(predictions: pd.DataFrame, provenance: dict[str, Any]) -> pd.DataFrame:
    """Return the predictions of the Standard model for the test set (section 4.1)."""
    return predictions_of_test_set(predictions, provenance)


def draw(table: pd.DataFrame) -> Figure:
    """Draw one panel."""
    return draw_predictions(table)
