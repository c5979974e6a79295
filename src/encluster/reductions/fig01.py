"""Numbers of Fig. 1: clusters per mass bin, in the whole box and in realistic surveys of part of it."""

from typing import Any

import pandas as pd

from encluster.cosmology import Cosmology
from encluster.scaling import PowerLaw
from encluster.survey import abundance_from_mass_function, survey_from_settings


def reduce(scaling: dict[str, Any], spec: dict[str, Any]) -> pd.DataFrame:
    """Return one row per mass bin and line.

    Columns: ``kind`` (box or survey), ``sigma8``, ``lx_normalisation``, ``log_m`` (bin centre, log10 M500c [Msun/h]),
    ``n_per_bin``, ``log_m_break`` (surveys).
    """
    cosmology = Cosmology(**spec["cosmology"])
    survey, edges = survey_from_settings(spec["survey"], cosmology)
    fiducial = PowerLaw(**scaling["relations"]["lx"])
    # near the extremes of the grid, as in the paper
    low, high = spec["mocks"]["sigma8"]["first"] + 0.02, spec["mocks"]["sigma8"]["last"]
    biases = spec["mocks"]["normalisation"]["first"], spec["mocks"]["normalisation"]["last"]
    centres = (edges[1:] + edges[:-1]) / 2
    abundance = abundance_from_mass_function(
        cosmology,
        (low, high),
        edges,
        redshift=spec["survey"]["redshift"],
        box_mpc_h=spec["box_mpc_h"],
        ratio=scaling["abundance_ratio"],
        model=spec["mass_function"],
    )
    lines = []
    for sigma8, in_box in zip((low, high), abundance, strict=True):
        row = {"sigma8": round(sigma8, 4), "log_m": centres.round(6)}
        lines.append(pd.DataFrame({"kind": "box", **row, "n_per_bin": in_box}))
        for bias in biases:
            own = survey.at_same_flux_limit(fiducial, fiducial.varied(normalisation=bias))
            selected = own.volume_fraction * own.selection(centres) * in_box
            lines.append(
                pd.DataFrame(
                    {
                        "kind": "survey",
                        **row,
                        "n_per_bin": selected,
                        "lx_normalisation": bias,
                        "log_m_break": own.log_m_break,
                    }
                )
            )
    return pd.concat(lines, ignore_index=True)
