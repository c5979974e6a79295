"""Figure 1: number of clusters per mass bin, in the box and in surveys of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from abundance_lines import LABELS, abundances, draw_abundances

if TYPE_CHECKING:
    from encluster.halos.catalog import HaloCatalog
    from encluster.halos.scaling import ScalingRelations

TITLE = "Number of clusters per mass bin"
INPUTS = {"halos": "halos/halos.ecsv", "scaling": "halos/scaling.json"}
SETTINGS = ("cosmology", "mass_function", "box_mpc_h", "survey", "mocks")
CAPTION = (
    r"Number of clusters per mass bin of 0.01 dex. Purple: the whole simulated box, for the higher (solid) and the "
    r"lower (dotted) $\sigma_8$. Other colors: surveys of part of the box, for both values of $\sigma_8$ and two "
    r"normalizations $b$ of the relation between luminosity and mass, in units of that of the simulation. Below the "
    r"break, flux limits the survey, and the number depends on $b$. Above the break, volume limits the survey, and "
    r"the number depends on $\sigma_8$ but not on $b$."
)
COLUMNS = {
    "kind": ("", "box or survey"),
    "sigma8": ("", r"$\sigma_8$"),
    "log_m": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"center of the mass bin, $\log_{10} M_{500}$"),
    "n_per_bin": ("", "expected number of clusters in the bin"),
    "lx_normalization": ("", r"normalization of the relation between $L_X$ and mass over that of the simulation"),
    "log_m_break": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"break of the survey, $\log_{10} M_{500}$"),
}


def reduce(halos: HaloCatalog, scaling: ScalingRelations, settings: Any) -> pd.DataFrame:
    """Return the abundances in the box and in the common survey (section 2.1.1)."""
    return abundances(halos, scaling, settings.survey, settings)


def draw(table: pd.DataFrame) -> Figure:
    """Draw one panel, with the legend above."""
    figure, axes = plt.subplots(figsize=(3.39, 3.3))
    draw_abundances(axes, table)
    axes.set(**LABELS)
    figure.legend(loc="outside upper center", ncols=2, columnspacing=1.2, handlelength=1.4)
    return figure
