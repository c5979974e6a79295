"""Numbers of Fig. 21: the terse value of the prescriptive model against mass and sigma8 (Appendix B)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from encluster.reductions.fig15 import reduce as correlated


def reduce(interpretation: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return two of the histograms of `encluster.reductions.fig15`, with its columns."""
    return correlated(interpretation, ("log_m500c", "sigma8"))
