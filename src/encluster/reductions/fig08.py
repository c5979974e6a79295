"""Numbers of Fig. 8: true and predicted sigma8 of the testing set."""

import pandas as pd


def reduce(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per testing catalogue: ``catalogue``, ``sigma8_true``, ``sigma8_predicted``."""
    testing = predictions[predictions["split"] == "testing"]
    return testing[["catalogue", "sigma8_true", "sigma8_predicted"]].reset_index(drop=True)
