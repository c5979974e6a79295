"""Figure 17: number of clusters per mass bin, for surveys of a smaller and a larger volume with a smooth transition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from abundance_lines import LABELS, abundances, draw_abundances

if TYPE_CHECKING:
    from encluster.halos.catalog import HaloCatalog
    from encluster.halos.scaling import ScalingRelations

TITLE = "Number of clusters per mass bin for two other surveys"
INPUTS = {"halos": "halos/halos.ecsv", "scaling": "halos/scaling.json"}
SETTINGS = ("cosmology", "mass_function", "box_mpc_h", "survey", "mocks", "mock_sets")
CAPTION = (
    r"Number of clusters per mass bin of 0.01 dex, as in Figure 1, for surveys of a smaller (top) and a larger "
    r"(bottom) part of the simulated box. A Gaussian in log mass smooths the abundance of each survey, so the "
    r"transition from flux-limited to volume-limited is gradual. Purple: the whole box, for the higher (solid) and "
    r"the lower (dotted) $\sigma_8$. Other colors: the survey, for both values of $\sigma_8$ and two normalizations "
    r"$b$ of the relation between luminosity and mass."
)
COLUMNS = {
    "kind": ("", "box or survey"),
    "sigma8": ("", r"$\sigma_8$"),
    "log_m": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"center of the mass bin, $\log_{10} M_{500}$"),
    "n_per_bin": ("", "expected number of clusters in the bin"),
    "lx_normalization": ("", r"normalization of the relation between $L_X$ and mass over that of the simulation"),
    "log_m_break": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"break of the survey, $\log_{10} M_{500}$"),
    "set": ("", "set of mocks: smaller or larger"),
    "volume_fraction": ("", "volume of the survey over that of the box"),
    "smoothing_dex": ("dex", "standard deviation of the Gaussian in log mass"),
}
SETS = ("smaller", "larger")


def reduce(halos: HaloCatalog, scaling: ScalingRelations, settings: Any) -> pd.DataFrame:
    """Return the abundances for both sets of mocks (Appendix A); a set's ``survey`` overlays the common one."""
    parts = []
    for name in SETS:
        own = settings.survey.changed(settings.mock_sets[name].survey)
        lines = abundances(halos, scaling, own, settings)
        parts.append(lines.assign(set=name, volume_fraction=own.volume_fraction, smoothing_dex=own.smoothing_dex))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each survey, with the common legend above."""
    figure, panels = plt.subplots(2, 1, figsize=(3.39, 5.2), sharex=True, sharey=True)
    for axes, (fraction, lines) in zip(panels, table.groupby("volume_fraction"), strict=True):
        draw_abundances(axes, lines)
        axes.text(0.96, 0.94, f"{fraction:.0%} of the volume", transform=axes.transAxes, ha="right", va="top")
        axes.set_ylabel(LABELS["ylabel"])
    panels[1].set_xlabel(LABELS["xlabel"])
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, columnspacing=1.2, handlelength=1.4)
    return figure
