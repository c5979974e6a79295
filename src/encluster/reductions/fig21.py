"""Numbers of Fig. 21: the terse value of the prescriptive model against mass and sigma8 (Appendix B)."""

import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.reductions.fig15 import reduce as correlated


def reduce(interpretation: ClusterCatalogs) -> pd.DataFrame:
    """Return two of the histograms of `encluster.reductions.fig15`, with its columns."""
    return correlated(interpretation, ("log_m500c", "sigma8"))
