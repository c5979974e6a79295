"""Numbers of Fig. 20: the training history of the prescriptive model (Appendix B)."""

from typing import Any

import pandas as pd

from encluster.reductions.fig07 import reduce as history_of


def reduce(
    history: pd.DataFrame,
    provenance: dict[str, Any],
    history_standard: pd.DataFrame,
    provenance_standard: dict[str, Any],
) -> pd.DataFrame:
    """Return the columns of `encluster.reductions.fig07` and, the same in each row, ``standard_validation_mse``.

    That is the validation error of the selected Standard model. Both errors are of labels on the same scale.
    """
    standard = history_of(history_standard, provenance_standard)
    best = standard.loc[standard["selected"], "validation_mse"].iloc[0]
    return history_of(history, provenance).assign(standard_validation_mse=best)
