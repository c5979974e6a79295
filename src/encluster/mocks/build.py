"""Construction of the model that draws mock catalogs, from the configuration and the simulated clusters."""

from collections.abc import Mapping

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import OBSERVABLES, ScalingRelations
from encluster.mocks.drawing import MockModel
from encluster.mocks.grid import MockGrid, Simulation
from encluster.mocks.halves import chosen_clusters
from encluster.mocks.settings import MockSettings, Neighbors, SurveySettings
from encluster.mocks.survey import Survey, abundance_of_box, limit_of_box
from encluster.types import FloatArray

MOST_WIDENED = 0.5  # share of mock clusters that may take their scatter from outside the window


def mock_model(
    survey: SurveySettings,
    mocks: MockSettings,
    *,
    cosmology: Cosmology,
    mass_function: str,
    box_mpc_h: float,
    seed: int,
    halos: HaloCatalog,
    profiles: Mapping[str, np.ndarray],
    scaling: ScalingRelations,
) -> MockModel:
    """Return the model that draws the mock catalogs of a configuration (section 2.2).

    Parameters
    ----------
    survey : SurveySettings
        The survey.
    mocks : MockSettings
        The mock catalogs.
    cosmology : Cosmology
        Cosmology of the simulation.
    mass_function : str
        Model of the halo mass function.
    box_mpc_h : float
        Side of the simulated box [Mpc/h].
    seed : int
        Seed of all draws.
    halos : HaloCatalog
        The simulated clusters.
    profiles : Mapping[str, ndarray]
        Datasets of the layout ``profiles``, of the same clusters in the same order.
    scaling : ScalingRelations
        The fiducial relations, and the abundance over that of the mass function.

    Returns
    -------
    MockModel
        The model.

    Raises
    ------
    ValueError
        If the clusters of halo catalog and profiles differ, a thinned list would give the abundance, a half has too
        few clusters (`encluster.mocks.halves`), or the survey is not covered by simulated clusters.
    """
    if not np.array_equal(profiles["id"], halos.id):
        raise ValueError("column id of the profiles differs from that of the halo catalog; make them again")
    if mocks.abundance != "mass_function" and halos.thinned:
        raise ValueError(
            f"the list is thinned, so mocks.abundance = {mocks.abundance} has no meaning; choose mass_function"
        )
    grid = MockGrid(
        sigma8=mocks.sigma8.values,
        normalization=mocks.normalization.values,
        scatter=mocks.scatter,
        lx_slope=mocks.lx_slope,
        sigma_wl=mocks.sigma_wl,
    )
    selection, edges = survey.survey(cosmology)
    abundance = abundance_of_box(
        mocks.abundance,
        cosmology,
        grid.sigma8,
        edges,
        log_m=halos.log_m,
        redshift=survey.redshift,
        box_mpc_h=box_mpc_h,
        ratio=scaling.abundance_ratio,
        model=mass_function,
    )
    chosen = chosen_clusters(halos, mocks, seed=seed)
    require_coverage(chosen, selection, edges, selection.expected(edges, abundance.mean(axis=0)), mocks.neighbors)
    return MockModel(
        grid=grid,
        simulation=Simulation.from_arrays(
            id=halos.id,
            m500c=halos.m500c,
            observables={x: getattr(halos, x) for x in OBSERVABLES},
            y500=halos.y500,
            m_gas_shell=profiles["m_gas_shell"],
            gamma=profiles["gamma"],
            radius=profiles["radius"],
            relation=scaling.relations,
        ).only(chosen.id),
        survey=selection,
        log_m_edges=edges,
        abundance=abundance,
        seed=seed,
        flux_limit=mocks.flux_limit,
        window=mocks.neighbors.window_dex,
        minimum=mocks.neighbors.minimum,
        prescriptive=mocks.prescriptive_exponents.model_dump() if mocks.observables == "prescriptive" else None,
        sigma8=cosmology.sigma8,
        at_most=limit_of_box(mocks.abundance, edges, halos.log_m),
        lx_slope_pivot=mocks.lx_slope_pivot.log_m(cosmology),
    )


def require_coverage(
    halos: HaloCatalog,
    survey: Survey,
    edges: FloatArray,
    expected: FloatArray,
    neighbors: Neighbors,
    *,
    name: str = "mocks",
) -> tuple[float, float]:
    """Check that each mass of a survey has simulated clusters nearby that give the scatter.

    Parameters
    ----------
    halos : HaloCatalog
        The simulated clusters.
    survey : Survey
        The survey at the fiducial relation.
    edges, expected : FloatArray
        (n_bins + 1,) edges of mass bins [log10 Msun/h] and (n_bins,) expected mock clusters in them.
    neighbors : Neighbors
        The setting ``mocks.neighbors``.
    name : str, optional
        Name of the set of mock catalogs, for the message.

    Returns
    -------
    tuple[float, float]
        Result of `widened_share`.

    Raises
    ------
    ValueError
        If the survey reaches lower masses than the halo catalog, or more than half of the mock clusters would take
        their scatter from outside the window.
    """
    window, minimum = neighbors.window_dex, neighbors.minimum
    share, farthest = widened_share(halos.log_m, edges, expected, window=window, minimum=minimum)
    lightest = float(np.sort(halos.log_m)[min(minimum, len(halos)) - 1])
    if lightest > survey.log_m_min + 2 * window or share > MOST_WIDENED:
        low, high = halos.log_m.min(), halos.log_m.max()
        key = "survey" if name == "mocks" else f"mock_sets.{name}.survey"
        raise ValueError(
            f"{key}.m_min is 10^{survey.log_m_min:.2f} Msun/h, but the {len(halos)} simulated clusters"
            f" ({halos.source}) lie at 10^{low:.2f} ... 10^{high:.2f}: {share:.0%} of the mock clusters would take"
            f" their scatter from clusters more than {window:g} dex away (up to {farthest:.2f} dex). Give a list that"
            f" covers the survey, or set survey.m_min: {{log10: {low:.2f}, unit: Msun/h}} and survey.m_break above it"
        )
    return share, farthest


def widened_share(
    log_m: FloatArray, edges: FloatArray, expected: FloatArray, *, window: float, minimum: int
) -> tuple[float, float]:
    """Return the share of mock clusters with too few neighbors in the window, and their distance (decision D9).

    Parameters
    ----------
    log_m : FloatArray
        (n,) log10 M500c [Msun/h] of the simulated clusters.
    edges, expected : FloatArray
        (n_bins + 1,) edges of mass bins [log10 Msun/h] and (n_bins,) expected mock clusters in them.
    window : float
        Half width of the search [dex].
    minimum : int
        Number of neighbors that the window must hold.

    Returns
    -------
    tuple[float, float]
        The share, and the distance to the last of the `minimum` nearest neighbors that a thousandth of all mock
        clusters exceeds [dex].
    """
    centers = (edges[1:] + edges[:-1]) / 2
    distance = np.sort(np.abs(centers[:, None] - log_m), axis=1)[:, min(minimum, len(log_m)) - 1]
    weight = expected / expected.sum()
    order = np.argsort(distance)[::-1]
    farthest = distance[order][np.searchsorted(np.cumsum(weight[order]), 1e-3)]
    return float(weight[distance > window].sum()), float(farthest)
