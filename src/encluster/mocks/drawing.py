"""Mock catalogs of cluster samples at any sigma8 and scaling relation (sections 2.1.3, 2.2; Table 1; Fig. 3)."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from encluster.catalogs import ClusterCatalogs, write_blocks
from encluster.column import Column
from encluster.halos.scaling import OBSERVABLES, PIVOT_LOG_M, PowerLaw
from encluster.mocks.grid import MockGrid, Parameters, Simulation
from encluster.mocks.survey import Survey
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray


class _Begun(NamedTuple):
    """One mock catalog before its clusters are drawn."""

    rng: np.random.Generator
    parameters: Parameters
    log_m_break: float
    n_expected: float
    counts: IntArray  # (n_bins,) clusters in each mass bin


@dataclass(frozen=True, kw_only=True)
class MockModel:
    """Model of all mock catalogs of a run (sections 2.1.3, 2.2; Table 1).

    Parameters
    ----------
    grid : MockGrid
        Parameters of each catalog.
    simulation : Simulation
        The simulated clusters.
    survey : Survey
        The survey at the fiducial relation.
    log_m_edges : FloatArray
        (n_bins + 1,) edges of the mass bins [log10 Msun/h].
    abundance : FloatArray
        (n_sigma8, n_bins) clusters per bin in the whole box, before selection.
    seed : int
        Seed of all draws.
    flux_limit : str, optional
        With "luminosity", the survey's break changes with the relation (D8); with "mass" it does not.
    window : float, optional
        Half width of the neighbor search [dex].
    minimum : int, optional
        Smallest number of neighbors to choose from.
    prescriptive : Mapping[str, float], optional
        For each observable and ``y500``, the exponent of sigma8 over that of the simulation. A mock cluster then has
        the mass of its simulated cluster, and that cluster's observables times this power (Appendix B; decision D15).
    sigma8 : float, optional
        The simulation's sigma8, used only with `prescriptive`.
    at_most : FloatArray, optional
        (n_bins,) largest number of clusters in the box (D4 read literally); no limit by default.
    lx_slope_pivot : float, optional
        Mass at which the slope bias leaves L_X unchanged, log10 M500c [Msun/h] (decision D17).

    Raises
    ------
    ValueError
        If there are fewer simulated clusters than `minimum`.
    """

    grid: MockGrid
    simulation: Simulation
    survey: Survey
    log_m_edges: FloatArray
    abundance: FloatArray
    seed: int
    flux_limit: str = "luminosity"
    window: float = 0.1
    minimum: int = 5
    prescriptive: Mapping[str, float] | None = None
    sigma8: float = 0.809
    at_most: FloatArray | None = None
    lx_slope_pivot: float = PIVOT_LOG_M

    def __post_init__(self) -> None:
        if len(self.simulation.id) < self.minimum:
            raise ValueError(
                f"mocks: {len(self.simulation.id)} simulated clusters, fewer than {self.minimum} neighbors"
            )

    def survey_of(self, parameters: Parameters) -> Survey:
        """Return the survey with the break at which the catalog's own relation reaches the flux limit (decision D8).

        Parameters
        ----------
        parameters : Parameters
            Parameters of the catalog.

        Returns
        -------
        Survey
            The survey of this catalog.
        """
        fiducial = self.simulation.relation["lx"]
        return self.survey.of_relation(fiducial, self._relation("lx", parameters), flux_limit=self.flux_limit)

    def _relation(self, observable: str, parameters: Parameters) -> PowerLaw:
        fiducial = self.simulation.relation[observable]
        return parameters.relation(observable, fiducial, lx_slope_pivot=self.lx_slope_pivot)

    def expected(self, index: int, parameters: Parameters) -> FloatArray:
        """Return the expected number of clusters per mass bin (eq. 3; decision D4).

        Parameters
        ----------
        index : int
            Index of the catalog in the grid.
        parameters : Parameters
            Parameters of the same catalog.

        Returns
        -------
        FloatArray
            (n_bins,) expected number.
        """
        return self._expected(index, self.survey_of(parameters))

    def _expected(self, index: int, survey: Survey) -> FloatArray:
        in_box = self.abundance[self.grid.places(index)[0]]
        return survey.expected(self.log_m_edges, in_box, self.at_most)

    def _begin(self, index: int) -> _Begun:
        rng = generator(self.seed, "mocks", index)
        parameters = self.grid.parameters(index, rng)
        survey = self.survey_of(parameters)
        expected = self._expected(index, survey)
        return _Begun(
            rng=rng,
            parameters=parameters,
            log_m_break=survey.log_m_break,
            n_expected=expected.sum(),
            counts=rng.poisson(expected),
        )

    def count(self, indices: Sequence[int]) -> IntArray:
        """Return the number of clusters of catalogs, without drawing the clusters.

        Parameters
        ----------
        indices : Sequence[int]
            Indices of catalogs in the grid.

        Returns
        -------
        IntArray
            (len(indices),) number of clusters.
        """
        return np.array([self._begin(index).counts.sum() for index in indices])

    def draw(self, indices: Sequence[int]) -> ClusterCatalogs:
        """Draw catalogs; each catalog is independent of the others that are drawn in the same call.

        Parameters
        ----------
        indices : Sequence[int]
            Indices of catalogs in the grid.

        Returns
        -------
        ClusterCatalogs
            Catalogs of the kind ``mocks``, in double precision.
        """
        begun = [self._begin(index) for index in indices]
        drawn = [catalog.parameters for catalog in begun]
        number = np.array([catalog.counts.sum() for catalog in begun])
        in_bin = np.concatenate([np.repeat(self.log_m_edges[:-1], catalog.counts) for catalog in begun])
        uniform = np.concatenate([catalog.rng.random((n, 2)) for catalog, n in zip(begun, number, strict=True)])
        residual_wl = np.concatenate([catalog.rng.standard_normal(n) for catalog, n in zip(begun, number, strict=True)])

        log_m = in_bin + np.repeat(self.log_m_edges[1] - self.log_m_edges[0], len(in_bin)) * uniform[:, 0]
        row, widened = self.simulation.neighbors(log_m, uniform[:, 1], window=self.window, minimum=self.minimum)
        if self.prescriptive is not None:
            log_m = self.simulation.log_m[row]
        of_cluster = np.repeat(np.arange(len(indices)), number)
        result = {
            parameter.name: np.array([getattr(p, parameter.name) for p in drawn]) for parameter in fields(Parameters)
        }
        result |= {
            "log_m_break": np.array([catalog.log_m_break for catalog in begun]),
            "n_expected": np.array([catalog.n_expected for catalog in begun]),
            "log_m500c": log_m,
            "neighbor": self.simulation.id[row],
            "widened": widened,
            "residual_wl": residual_wl,
            "log_m_wl": log_m + residual_wl * result["sigma_wl"][of_cluster] / np.log(10),
        }
        log_x = self._prescribed if self.prescriptive is not None else self._scattered
        result |= log_x(drawn, of_cluster, log_m, row)
        log_m_gas_shell = self.simulation.log_shell_fraction[row] + result["log_m_gas"][:, None]
        profiles = {"log_m_gas_shell": log_m_gas_shell, "gamma": self.simulation.gamma[row]}
        columns = result | {x: Column(values=shells, radii=self.simulation.radius) for x, shells in profiles.items()}
        return ClusterCatalogs.of("mocks", columns, offset=np.concatenate([[0], np.cumsum(number)]))

    def _scattered(
        self, drawn: Sequence[Parameters], of_cluster: IntArray, log_m: FloatArray, row: IntArray
    ) -> dict[str, FloatArray]:
        """Return observables from the catalog's own relations and the scatter of the neighbors (section 2.2.2)."""
        result = {}
        for x in OBSERVABLES:
            relations = [self._relation(x, p) for p in drawn]
            zero_point = np.array([relation.log_x0 for relation in relations])[of_cluster]
            slope = np.array([relation.slope for relation in relations])[of_cluster]
            stretch = np.array([getattr(p, f"{x}_scatter") for p in drawn])[of_cluster]
            mean = slope * (log_m - PIVOT_LOG_M) + zero_point
            residual = self.simulation.residual[x][row]
            result[f"residual_{x}"] = residual
            result[f"log_{x}"] = mean + stretch * residual
        thermal = result["log_m_gas"] + result["log_temperature"]
        moved = self.simulation.y_slope * (log_m - self.simulation.log_m[row])
        return {**result, "log_y500": thermal + self.simulation.log_y_excess[row] + moved}

    def _prescribed(
        self, drawn: Sequence[Parameters], of_cluster: IntArray, log_m: FloatArray, row: IntArray
    ) -> dict[str, FloatArray]:
        """Return the simulated clusters' own observables times powers of sigma8 (Appendix B)."""
        assert self.prescriptive is not None
        simulation = self.simulation
        log_s = np.log10([p.sigma8 / self.sigma8 for p in drawn])[of_cluster]
        own = {x: simulation.relation[x].log_x(log_m) + simulation.residual[x][row] for x in OBSERVABLES}
        own["y500"] = own["m_gas"] + own["temperature"] + simulation.log_y_excess[row]
        scaled = {f"log_{x}": own[x] + self.prescriptive[x] * log_s for x in own}
        return scaled | {f"residual_{x}": simulation.residual[x][row] for x in OBSERVABLES}


def write_mocks(
    path: Path, model: MockModel, *, source: str, configuration: str, cores: int = 1, block: int = 256
) -> None:
    """Draw all catalogs of the grid into one file of the layout ``mocks``, block by block with limited memory.

    The bytes depend only on the model, not on `cores` or `block`.

    Parameters
    ----------
    path : Path
        The file.
    model : MockModel
        Model of the catalogs.
    source : str
        The simulation that the numbers come from.
    configuration : str
        The settings, for the file's attributes.
    cores : int, optional
        Number of processes.
    block : int, optional
        Number of catalogs that a process draws at once.

    Raises
    ------
    ValueError
        If a catalog has no cluster.
    """
    n = len(model.grid)
    parts = [range(first, min(first + block, n)) for first in range(0, n, block)]
    with _mapping(cores) as mapped:
        number = np.concatenate(list(mapped(model.count, parts)))
        if (number == 0).any():
            raise ValueError(
                f"{path}: {np.sum(number == 0)} of {n} catalogs have no cluster; the network needs at least one; "
                "raise survey.volume_fraction or lower survey.m_break"
            )
        attributes = {"source": source, "seed": model.seed, "configuration": configuration}
        write_blocks(path, number, mapped(model.draw, parts), attributes)


@contextmanager
def _mapping(cores: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """Yield `map`, or a parallel version of it that computes at most two parts per process in advance."""
    if cores == 1:
        yield map
        return
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn")) as pool:

        def mapped(function: Callable[..., Any], parts: Iterable[Any]) -> Iterator[Any]:
            # pool.map would draw everything at once and hold all results in memory
            ahead: deque[Future[Any]] = deque()
            for part in parts:
                ahead.append(pool.submit(function, part))
                if len(ahead) > 2 * cores:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

        yield mapped
