"""Numbers of Fig. 7: the history of the training."""

from typing import Any

import pandas as pd


def reduce(history: pd.DataFrame, provenance: dict[str, Any]) -> pd.DataFrame:
    """Return the epochs with their mean squared errors; ``selected`` marks the epoch of the chosen model.

    Columns: ``epoch`` (from 1), ``training_mse``, ``validation_mse`` (of the scaled label), ``selected``.
    """
    return pd.DataFrame(
        {
            "epoch": history["epoch"],
            "training_mse": history["train_mse"],
            "validation_mse": history["validation_mse"],
            "selected": history["epoch"] == provenance["best_epoch"],
        }
    )
