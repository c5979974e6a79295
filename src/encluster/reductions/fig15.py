"""Numbers of Fig. 15: how the terse value of a cluster goes with its properties and with those of its catalog."""

from collections.abc import Sequence

import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.terse import correlations
from encluster.reductions.hexagons import hexagonal_histogram

QUANTITIES = ("log_m500c", "log_m_wl", "log_m_gas", "log_temperature", "n_cluster", "sigma8")


def reduce(interpretation: ClusterCatalogs, quantities: Sequence[str] = QUANTITIES) -> pd.DataFrame:
    """Return the filled hexagonal bins of a two-dimensional histogram of each quantity, of all testing clusters.

    Columns: ``quantity``, those of `encluster.reductions.hexagons` (x is the terse value), and, the same in all rows
    of a quantity, the rank correlation ``rho`` of terse value and quantity with its confidence interval ``rho_low``,
    ``rho_high``.
    """
    of_catalog = {"n_cluster": interpretation.n_clusters, "sigma8": interpretation.catalog("sigma8")}
    found = correlations(interpretation)
    parts = []
    for name in quantities:
        values = of_catalog[name][interpretation.owner] if name in of_catalog else interpretation[name]
        bins = hexagonal_histogram(interpretation["terse"].astype(float), values.astype(float))
        rank = found[name]
        parts.append(
            bins.round(6).assign(rho=round(rank.rho, 5), rho_low=round(rank.low, 5), rho_high=round(rank.high, 5))
        )
        parts[-1].insert(0, "quantity", name)
    return pd.concat(parts, ignore_index=True)
