"""Number of clusters per mass bin in the box and in surveys of it: Figures 1 and 17."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

if TYPE_CHECKING:
    from encluster.halos.catalog import HaloCatalog
    from encluster.halos.scaling import ScalingRelations
    from encluster.mocks.settings import SurveySettings

LABELS = {"xlabel": r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$", "ylabel": r"$N$ per 0.01 dex"}
BOX = "#440154"
SURVEYS = ("#e6a817", "#21908c", "#8fd744", "#31688e")


def abundances(halos: HaloCatalog, scaling: ScalingRelations, survey: SurveySettings, settings: Any) -> pd.DataFrame:
    """Return the number of clusters per mass bin, for two values of sigma8 and two normalizations of L_X-M.

    Parameters
    ----------
    halos : HaloCatalog
        The simulation.
    scaling : ScalingRelations
        Of these halos.
    survey : SurveySettings
        The survey.
    settings : configuration
        Sections ``cosmology``, ``mass_function``, ``box_mpc_h`` and ``mocks``.

    Returns
    -------
    pd.DataFrame
        A row per mass bin and line: ``kind`` (box or survey), ``sigma8``, ``log_m`` (center, log10 M500c [Msun/h]),
        ``n_per_bin``, and of surveys ``lx_normalization`` and ``log_m_break``.
    """
    from encluster.mocks.survey import abundance_of_box, limit_of_box

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


def draw_abundances(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the lines of `abundances`."""
    box, surveys = (table[table["kind"] == kind] for kind in ("box", "survey"))
    for sigma8, line in box.groupby("sigma8"):
        style = ":" if sigma8 == box["sigma8"].min() else "-"
        axes.plot(line["log_m"], line["n_per_bin"], style, color=BOX, label=rf"box, $\sigma_8={sigma8:.2f}$")
    lines = surveys.groupby(["sigma8", "lx_normalization"])
    for color, ((value, bias), line) in zip(SURVEYS, lines, strict=False):
        seen = line[line["n_per_bin"] > 0]
        label = rf"survey, $\sigma_8={value:.2f}$, $b={bias:.1f}$"
        axes.plot(seen["log_m"], seen["n_per_bin"], color=color, label=label)
    axes.xaxis.set_major_locator(MultipleLocator(0.4))
    axes.set(
        yscale="log",
        xlim=(table["log_m"].min() - 0.02, 15.2),
        ylim=(2e-2, 2 * table["n_per_bin"].max()),
    )
