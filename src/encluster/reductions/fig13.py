"""Numbers of Fig. 13: distributions of Y_X and L_X where the survey's break is low and where it is high."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.self_calibration import averaged_pdf, log_yx, transition_sets

WIDTH = 0.05  # dex
NEAR = 0.05  # dex in mass, about the break


def reduce(mocks: ClusterCatalogs) -> pd.DataFrame:
    """Return the averaged distributions in two sets of catalogs: those of lowest and those of highest break.

    Where all catalogs have the same break, as with ``mocks.flux_limit: mass``, they are one set, ``all``.

    Columns: ``quantity`` (log_yx [Msun/h keV], log_lx [1e44 erg/s]), ``set`` (low, high; all), ``n_catalogs``,
    ``log_m_break`` (mean of the set, log10 M500c [Msun/h]), ``value`` (center of a bin), ``density`` [1/dex], averaged
    over catalogs with equal weight; ``median`` of that distribution; ``at_break``, the median of the set's clusters
    within `NEAR` of their own catalog's break.
    """
    log_m_break, owner = mocks.catalog("log_m_break"), mocks.owner
    near = np.abs(mocks["log_m500c"] - log_m_break[owner]) < NEAR
    parts = []
    for quantity, values in (("log_yx", log_yx(mocks)), ("log_lx", mocks["log_lx"].astype(float))):
        edges = WIDTH * np.arange(np.floor(values.min() / WIDTH), np.floor(values.max() / WIDTH) + 2)
        for name, catalogs in transition_sets(log_m_break).items():
            averaged = averaged_pdf(values, mocks.offset, catalogs, edges)
            of_break = values[near & np.isin(owner, catalogs)]
            columns = {
                "quantity": quantity,
                "set": name,
                "n_catalogs": len(catalogs),
                "log_m_break": log_m_break[catalogs].mean(),
                "value": ((edges[1:] + edges[:-1]) / 2).round(6),
                "density": averaged.density.round(6),
                "median": averaged.median,
                "at_break": np.median(of_break) if len(of_break) else np.nan,
            }
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)
