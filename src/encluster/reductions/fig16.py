"""Numbers of Fig. 16: errors of three mass proxies, each a line fitted to masses (section 5.3)."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.mass_proxies import proxy_scatter

WIDTH = 0.01  # dex
SHARE = 0.99  # of the errors of the widest proxy that the bins hold


def reduce(interpretation: ClusterCatalogs) -> pd.DataFrame:
    """Return the distribution of the errors of each proxy, of all testing clusters.

    An error is predicted minus true log mass, less its mean over the catalog.

    Columns: ``proxy`` (m_gas, yx, terse), ``error_dex`` (center of a bin), ``density`` [1/dex], ``outside`` (share of
    errors beyond the bins); ``scatter`` (standard deviation of ln M), ``scatter_err`` and ``half_16_84`` of a proxy.
    """
    log_m = interpretation["log_m500c"].astype(float)
    proxies = {
        "m_gas": interpretation["log_m_gas"],
        "yx": interpretation["log_m_gas"].astype(float) + interpretation["log_temperature"],
        "terse": interpretation["terse"],
    }
    found = {name: proxy_scatter(log_m, values.astype(float), interpretation.owner) for name, values in proxies.items()}
    widest = max(np.quantile(np.abs(proxy.residual), SHARE) for proxy in found.values())
    number = int(widest / WIDTH) + 1  # bins on either side
    edges = WIDTH * np.arange(-number, number + 1)
    parts = []
    for name, proxy in found.items():
        count, _ = np.histogram(proxy.residual, edges)
        columns = {
            "proxy": name,
            "error_dex": ((edges[1:] + edges[:-1]) / 2).round(6),
            "density": (count / (len(log_m) * WIDTH)).round(6),
            "outside": 1 - count.sum() / len(log_m),
            "scatter": proxy.scatter,
            "scatter_err": proxy.error,
            "half_16_84": proxy.half_16_84,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)
