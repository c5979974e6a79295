"""From the configuration and a simulation's clusters to the model that draws mock catalogues."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.mock_grid import MockGrid, Simulation
from encluster.mocks import MockModel
from encluster.scaling import OBSERVABLES, PowerLaw
from encluster.survey import abundance_from_settings, limit_from_settings, survey_from_settings


def model_from_settings(
    spec: Mapping[str, Any], *, halos: HaloCatalog, profiles: Mapping[str, np.ndarray], scaling: Mapping[str, Any]
) -> MockModel:
    """Return the model of the mock catalogues that a configuration asks for.

    Parameters
    ----------
    spec : keys seed, cosmology, mass_function, box_mpc_h, survey, mocks of the configuration
    halos : the simulated clusters
    profiles : datasets of the layout ``profiles``, of the same clusters in the same order
    scaling : what fit_scaling.py wrote: the fiducial relations, and the abundance over the mass function's

    Raises
    ------
    ValueError : clusters and profiles that differ, or an abundance that a thinned list cannot give
    """
    if not np.array_equal(profiles["id"], halos.id):
        raise ValueError("column id of the profiles differs from that of the halo catalogue; make them again")
    settings = spec["mocks"]
    if settings["abundance"] != "mass_function" and halos.thinned:
        raise ValueError(
            f"the list is thinned, so mocks.abundance = {settings['abundance']} has no meaning; choose mass_function"
        )
    grid = MockGrid(
        sigma8=_values(settings["sigma8"]),
        normalisation=_values(settings["normalisation"]),
        scatter=tuple(settings["scatter"]),
        lx_slope=tuple(settings["lx_slope"]),
        sigma_wl=tuple(settings["sigma_wl"]),
    )
    survey, edges = survey_from_settings(spec["survey"], Cosmology(**spec["cosmology"]))
    return MockModel(
        grid=grid,
        simulation=Simulation.from_arrays(
            id=halos.id,
            m500c=halos.m500c,
            observables={x: getattr(halos, x) for x in OBSERVABLES},
            y500=halos.y500,
            m_gas_shell=profiles["m_gas_shell"],
            gamma=profiles["gamma"],
            relation={x: PowerLaw(**scaling["relations"][x]) for x in OBSERVABLES},
        ),
        survey=survey,
        log_m_edges=edges,
        abundance=abundance_from_settings(
            spec, grid.sigma8, edges, log_m=halos.log_m, ratio=scaling["abundance_ratio"]
        ),
        seed=spec["seed"],
        flux_limit=settings["flux_limit"],
        window=settings["neighbours"]["window_dex"],
        minimum=settings["neighbours"]["minimum"],
        prescriptive=settings["prescriptive_exponents"] if settings["observables"] == "prescriptive" else None,
        sigma8=spec["cosmology"]["sigma8"],
        at_most=limit_from_settings(spec, edges, halos.log_m),
    )


def _values(settings: Mapping[str, Any]) -> tuple[float, ...]:
    """Return evenly spaced values, both ends included, free of rounding noise."""
    return tuple(np.linspace(settings["first"], settings["last"], settings["number"]).round(10).tolist())
