"""Numbers of Fig. 1: clusters per mass bin, in the whole box and in realistic surveys of part of it."""

from typing import Any

import pandas as pd

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import ScalingRelations
from encluster.mocks.survey import abundance_from_settings, limit_from_settings, survey_from_settings


def reduce(halos: HaloCatalog, scaling: ScalingRelations, spec: dict[str, Any]) -> pd.DataFrame:
    """Return one row per mass bin and line.

    Columns: ``kind`` (box or survey), ``sigma8``, ``log_m`` (bin center, log10 M500c [Msun/h]), ``n_per_bin``; of
    surveys also ``lx_normalization`` and ``log_m_break``.
    """
    survey, edges = survey_from_settings(spec["survey"], Cosmology(**spec["cosmology"]))
    fiducial = scaling.relations["lx"]
    grid = spec["mocks"]
    # near the extremes of the grid, as in the paper
    pair = sorted({min(grid["sigma8"]["first"] + 0.02, grid["sigma8"]["last"]), grid["sigma8"]["last"]})
    abundance = abundance_from_settings(spec, pair, edges, log_m=halos.log_m, ratio=scaling.abundance_ratio)
    at_most = limit_from_settings(spec, edges, halos.log_m)
    centers = ((edges[1:] + edges[:-1]) / 2).round(6)
    lines = []
    for sigma8, in_box in zip(pair, abundance, strict=True):
        row = {"sigma8": round(sigma8, 4), "log_m": centers}
        lines.append(pd.DataFrame({"kind": "box", **row, "n_per_bin": in_box}))
        for bias in (grid["normalization"]["first"], grid["normalization"]["last"]):
            varied = fiducial.varied(normalization=bias)
            own = survey.of_relation(fiducial, varied, flux_limit=grid["flux_limit"])
            columns = {"n_per_bin": own.expected(edges, in_box, at_most), "log_m_break": own.log_m_break}
            lines.append(pd.DataFrame({"kind": "survey", **row, "lx_normalization": bias, **columns}))
    return pd.concat(lines, ignore_index=True)
