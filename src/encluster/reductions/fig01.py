"""Numbers of Fig. 1: clusters per mass bin, in the whole box and in realistic surveys of part of it."""

from typing import Any

import pandas as pd

from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import ScalingRelations
from encluster.mocks.settings import SurveySettings
from encluster.mocks.survey import abundance_of_box, limit_of_box

SETTINGS = ("cosmology", "mass_function", "box_mpc_h", "survey", "mocks")


def reduce(halos: HaloCatalog, scaling: ScalingRelations, settings: Any) -> pd.DataFrame:
    """Return one row per mass bin and line.

    Columns: ``kind`` (box or survey), ``sigma8``, ``log_m`` (bin center, log10 M500c [Msun/h]), ``n_per_bin``; of
    surveys also ``lx_normalization`` and ``log_m_break``.
    """
    return abundances(halos, scaling, settings.survey, settings)


def abundances(halos: HaloCatalog, scaling: ScalingRelations, survey: SurveySettings, settings: Any) -> pd.DataFrame:
    """Return the lines of `reduce` for one survey."""
    cosmology, mocks = settings.cosmology, settings.mocks
    selection, edges = survey.survey(cosmology)
    fiducial = scaling.relations["lx"]
    # near the extremes of the grid, as in the paper
    first, last = mocks.sigma8.first, mocks.sigma8.last
    pair = sorted({min(first + 0.02, last), last})
    abundance = abundance_of_box(
        mocks.abundance,
        cosmology,
        pair,
        edges,
        log_m=halos.log_m,
        redshift=survey.redshift,
        box_mpc_h=settings.box_mpc_h,
        ratio=scaling.abundance_ratio,
        model=settings.mass_function,
    )
    at_most = limit_of_box(mocks.abundance, edges, halos.log_m)
    centers = ((edges[1:] + edges[:-1]) / 2).round(6)
    lines = []
    for sigma8, in_box in zip(pair, abundance, strict=True):
        row = {"sigma8": round(sigma8, 4), "log_m": centers}
        lines.append(pd.DataFrame({"kind": "box", **row, "n_per_bin": in_box}))
        for bias in (mocks.normalization.first, mocks.normalization.last):
            varied = fiducial.varied(normalization=bias)
            own = selection.of_relation(fiducial, varied, flux_limit=mocks.flux_limit)
            columns = {"n_per_bin": own.expected(edges, in_box, at_most), "log_m_break": own.log_m_break}
            lines.append(pd.DataFrame({"kind": "survey", **row, "lx_normalization": bias, **columns}))
    return pd.concat(lines, ignore_index=True)
