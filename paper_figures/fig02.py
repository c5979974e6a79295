"""Figure 2: density-squared profiles of three representative clusters."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE = "Density-squared profiles of three clusters"
INPUTS = {"profiles": "xray/profiles.h5"}
CAPTION = (
    r"Product $n_p\,n_e$ of the proton and electron densities against radius for three bright clusters, with a flat "
    r"core, a peaked core and a cool core. Lines: the model fitted to the projected brightness. Points: the model in "
    r"each annulus times the ratio of observed to expected photons, with the Poisson error of the photons."
)
COLUMNS = {
    "cluster": ("", "flat core, peaked core or cool core"),
    "id": ("", "number of the halo in the catalog"),
    "log_m": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"$\log_{10} M_{500}$"),
    "r_kpc": ("kpc", "mean radius of the annulus by area"),
    "r_over_r500c": (r"$R_{500}$", "the same radius"),
    "density_squared": (r"$\mathrm{cm}^{-6}$", r"fitted $n_p\,n_e$ times observed over expected photons"),
    "density_squared_err": (r"$\mathrm{cm}^{-6}$", "its Poisson error"),
    "density_squared_fit": (r"$\mathrm{cm}^{-6}$", r"fitted $n_p\,n_e$"),
}
CORES = {"flat core": 0.97, "peaked core": 0.5, "cool core": 0.03}  # quantile of the slope in the core
CORE_R500 = 0.05
BRIGHT = 0.75  # among the quarter of the clusters with most photons
LOOKS = {"flat core": ("#31688e", "o"), "peaked core": ("#21908c", "s"), "cool core": ("#7cb518", "^")}


def reduce(profiles: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the annuli of three clusters, chosen by the slope of their density at 0.05 R500c (section 2.1.2).

    A point is the fitted n_p n_e at the annulus times observed over expected photons there, so its error is that of
    the photons alone.
    """
    from encluster.xray.density import GasDensity

    counts, r500c = profiles["counts"], profiles["r500c_kpc"]
    bright = np.flatnonzero(counts >= np.quantile(counts, BRIGHT))
    names = [parameter.name for parameter in fields(GasDensity)]
    parameters = profiles["density_parameters"]
    density = {row: GasDensity(**dict(zip(names, parameters[row].tolist(), strict=True))) for row in bright}
    by_slope = sorted(bright, key=lambda row: float(density[row].slope(CORE_R500 * r500c[row])))
    parts = []
    for kind, quantile in CORES.items():
        row = by_slope[int(quantile * (len(by_slope) - 1))]
        edges = profiles["annulus_edges"][row]
        # the mean radius by area is also defined for the first annulus, a disk
        r_kpc = 2 / 3 * (edges[1:] ** 3 - edges[:-1] ** 3) / (edges[1:] ** 2 - edges[:-1] ** 2)
        fit = density[row].emissivity(r_kpc)
        observed, expected = profiles["annulus_counts"][row], profiles["annulus_model"][row]
        columns = {
            "cluster": kind,
            "id": profiles["id"][row],
            "log_m": np.log10(profiles["m500c"][row]),
            "r_kpc": r_kpc,
            "r_over_r500c": r_kpc / r500c[row],
            "density_squared": fit * observed / expected,
            "density_squared_err": fit * np.sqrt(observed) / expected,
            "density_squared_fit": fit,
        }
        parts.append(pd.DataFrame(columns)[observed > 0])
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw the three profiles in one panel."""
    figure, axes = plt.subplots(figsize=(3.39, 3.0))
    for kind, (color, marker) in LOOKS.items():
        line = table[table["cluster"] == kind]
        axes.errorbar(
            line["r_over_r500c"],
            line["density_squared"],
            yerr=line["density_squared_err"],
            fmt=marker,
            ms=3,
            color=color,
            elinewidth=1,
            label=rf"{kind}, $\log_{{10}} M_{{500}}={line['log_m'].iloc[0]:.2f}$",
        )
        axes.plot(line["r_over_r500c"], line["density_squared_fit"], color=color)
    axes.set(xlabel=r"$r\;/\;R_{500}$", ylabel=r"$n_p\,n_e\;[\mathrm{cm}^{-6}]$", xscale="log", yscale="log")
    axes.legend(loc="lower left")
    return figure
