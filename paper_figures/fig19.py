"""Figure 19: predicted against true sigma8, prescriptive model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from prediction_panel import draw_predictions, predictions_of_test_set

TITLE = r"Predicted against true $\sigma_8$, prescriptive model"
INPUTS = {"predictions": "models/{prescriptive}/predictions.csv", "provenance": "models/{prescriptive}/provenance.json"}
CAPTION = (
    r"As Figure 8, for the prescriptive model of Appendix B. In the mocks of this model, each observable of a cluster "
    r"is its value in the simulation times a power of $\sigma_8$. This factor replaces the scatter and the free "
    r"scaling relations of the other mocks. A standard deviation far below that of Figure 8 (the paper has 0.0016) is "
    r"no proof of a better model: the network can infer $\sigma_8$ from the prescription (Figure 21). The exponents "
    r"are a stand-in for those of Singh et al. (2019), which were not available (decision D15)."
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
    """Return the predictions of the prescriptive networks for the test set (Appendix B)."""
    return predictions_of_test_set(predictions, provenance)


def draw(table: pd.DataFrame) -> Figure:
    """Draw one panel."""
    return draw_predictions(table)
