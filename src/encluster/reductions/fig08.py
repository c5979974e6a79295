"""Numbers of Fig. 8: true and predicted sigma8 of the testing set."""

from typing import Any

import pandas as pd


def reduce(predictions: pd.DataFrame, provenance: dict[str, Any]) -> pd.DataFrame:
    """Return one row per testing catalog: ``catalog``, ``sigma8_true``, ``sigma8_predicted``.

    ``delta_sigma8`` and ``delta_sigma8_err``, the same in each row, are the standard deviation of predicted minus true
    and its bootstrap error (decision D14).
    """
    testing = predictions[predictions["split"] == "testing"]
    scatter = provenance["delta_sigma8"]
    return (
        testing[["catalog", "sigma8_true", "sigma8_predicted"]]
        .reset_index(drop=True)
        .assign(delta_sigma8=scatter["value"], delta_sigma8_err=scatter["error"])
    )
