"""Input of the mock catalogs: a grid of parameters, and the simulated clusters (section 2.2; Table 1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from encluster.halos.scaling import OBSERVABLES, PIVOT_LOG_M, PowerLaw
from encluster.types import BoolArray, FloatArray, IntArray

Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class MockGrid:
    """The parameters of each mock catalog: four on a grid, five drawn uniformly (Table 1; decisions D6, D7).

    Parameters
    ----------
    sigma8 : tuple of float
        Values of sigma8.
    normalization : tuple of float
        Values of the normalization biases of L_X, T and M_gas.
    scatter : tuple of float, optional
        Range of the three scatter biases.
    lx_slope : tuple of float, optional
        Range of the bias of the mass-luminosity slope.
    sigma_wl : tuple of float, optional
        Range of the scatter of the lensing mass in ln M.
    """

    sigma8: tuple[float, ...]
    normalization: tuple[float, ...]
    scatter: Range = (0.7, 1.3)
    lx_slope: Range = (0.7, 1.3)
    sigma_wl: Range = (0.1, 0.3)

    def __len__(self) -> int:
        """Return the number of catalogs, 23 x 6^3 = 4,968 in the paper."""
        return len(self.sigma8) * len(self.normalization) ** len(OBSERVABLES)

    def places(self, index: int) -> tuple[int, ...]:
        """Return the position of a catalog on the grid.

        Parameters
        ----------
        index : int
            Index of the catalog.

        Returns
        -------
        tuple of int
            Index of sigma8, then of the normalizations of L_X, T and M_gas.
        """
        places = []
        for _ in OBSERVABLES:
            index, place = divmod(index, len(self.normalization))
            places.append(place)
        return index, *places[::-1]

    def parameters(self, index: int, rng: np.random.Generator) -> "Parameters":
        """Return the parameters of a catalog; sigma8 varies slowest with the index, the M_gas normalization fastest.

        Parameters
        ----------
        index : int
            Index of the catalog.
        rng : numpy.random.Generator
            Source of the five parameters that are not on the grid.

        Returns
        -------
        `Parameters`
            Parameters of the catalog.
        """
        i_sigma8, i_lx, i_temperature, i_m_gas = self.places(index)
        lx_scatter, temperature_scatter, m_gas_scatter = rng.uniform(*self.scatter, 3)
        return Parameters(
            sigma8=self.sigma8[i_sigma8],
            lx_normalization=self.normalization[i_lx],
            temperature_normalization=self.normalization[i_temperature],
            m_gas_normalization=self.normalization[i_m_gas],
            lx_scatter=lx_scatter,
            temperature_scatter=temperature_scatter,
            m_gas_scatter=m_gas_scatter,
            lx_slope=rng.uniform(*self.lx_slope),
            sigma_wl=rng.uniform(*self.sigma_wl),
        )


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Parameters of one mock catalog; biases are factors on the simulation's own relation (Table 1).

    Parameters
    ----------
    sigma8 : float
        Amplitude of the fluctuations of matter.
    lx_normalization, temperature_normalization, m_gas_normalization : float
        Biases of the normalization.
    lx_scatter, temperature_scatter, m_gas_scatter : float
        Biases of the scatter.
    lx_slope : float
        Bias of the slope of L_X.
    sigma_wl : float
        Scatter of the lensing mass in ln M.
    """

    sigma8: float
    lx_normalization: float
    temperature_normalization: float
    m_gas_normalization: float
    lx_scatter: float
    temperature_scatter: float
    m_gas_scatter: float
    lx_slope: float
    sigma_wl: float

    def relation(self, observable: str, fiducial: PowerLaw, *, lx_slope_pivot: float = PIVOT_LOG_M) -> PowerLaw:
        """Return the catalog's own relation.

        Parameters
        ----------
        observable : str
            One of `encluster.halos.scaling.OBSERVABLES`.
        fiducial : PowerLaw
            The simulation's relation of this observable.
        lx_slope_pivot : float, optional
            Mass at which the slope bias leaves L_X unchanged, log10 M500c [Msun/h] (decision D17).

        Returns
        -------
        PowerLaw
            The relation with the catalog's biases of normalization and slope.
        """
        slope = self.lx_slope if observable == "lx" else 1.0
        normalization = getattr(self, f"{observable}_normalization")
        return fiducial.varied(normalization=normalization, slope=slope, slope_pivot=lx_slope_pivot)


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """Properties of the simulated clusters that mock clusters take over, in ascending order of mass.

    Parameters
    ----------
    id : IntArray
        (n,) cluster ids.
    log_m : FloatArray
        (n,) log10 M500c [Msun/h].
    residual : Mapping[str, FloatArray]
        For each observable, (n,) log10 X minus its fiducial relation [dex].
    log_y_excess : FloatArray
        (n,) log10 of Y500 over M_gas T.
    y_slope : float
        Slope d log_y_excess / d log10 M500c; -2/3 if Y500 is a mean over the area of R500c, as in Magneticum's lists.
    log_shell_fraction : FloatArray
        (n, 7) log10 of the gas mass in each shell over the gas mass of the halo catalog within R500c.
    gamma : FloatArray
        (n, 7) gas density slope d ln rho_gas / d ln r.
    radius : FloatArray
        (7,) outer radius of each shell [R500c].
    relation : Mapping[str, PowerLaw]
        For each observable, the fiducial relation.
    """

    id: IntArray
    log_m: FloatArray
    residual: Mapping[str, FloatArray]
    log_y_excess: FloatArray
    y_slope: float
    log_shell_fraction: FloatArray
    gamma: FloatArray
    radius: FloatArray
    relation: Mapping[str, PowerLaw]

    @classmethod
    def from_arrays(
        cls,
        *,
        id: IntArray,  # noqa: A002
        m500c: FloatArray,
        observables: Mapping[str, FloatArray],
        y500: FloatArray,
        m_gas_shell: FloatArray,
        gamma: FloatArray,
        radius: FloatArray,
        relation: Mapping[str, PowerLaw],
    ) -> "Simulation":
        """Return the simulated clusters, sorted by mass.

        Parameters
        ----------
        id : IntArray
            (n,) cluster ids.
        m500c : FloatArray
            (n,) M500c [Msun/h].
        observables : Mapping[str, FloatArray]
            (n,) lx [1e44 erg/s], temperature [keV] and m_gas [Msun/h].
        y500 : FloatArray
            (n,) Y500; if a value is NaN, all values are replaced by the thermal energy M_gas T.
        m_gas_shell : FloatArray
            (n, 7) gas mass in each shell [Msun/h].
        gamma : FloatArray
            (n, 7) gas density slope.
        radius : FloatArray
            (7,) outer radius of each shell [R500c].
        relation : Mapping[str, PowerLaw]
            For each observable, the fiducial relation.

        Returns
        -------
        Simulation
            The simulated clusters.
        """
        order = np.argsort(m500c, kind="stable")
        log_m = np.log10(m500c[order])
        thermal = observables["m_gas"] * observables["temperature"]
        log_y_excess = np.log10((thermal if np.isnan(y500).any() else y500) / thermal)[order]
        return cls(
            id=id[order],
            log_m=log_m,
            residual={x: np.log10(observables[x][order]) - relation[x].log_x(log_m) for x in OBSERVABLES},
            log_y_excess=log_y_excess,
            y_slope=float(np.polyfit(log_m, log_y_excess, 1)[0]),
            log_shell_fraction=np.log10(m_gas_shell[order] / observables["m_gas"][order, None]),
            gamma=gamma[order],
            radius=radius,
            relation=relation,
        )

    def only(self, ids: IntArray) -> "Simulation":
        """Return some of the simulated clusters, with the relations and the slope of Y500 of all.

        Parameters
        ----------
        ids : IntArray
            Ids of these clusters.

        Returns
        -------
        Simulation
            These clusters, in ascending order of mass.
        """
        kept = np.isin(self.id, ids)
        return replace(
            self,
            id=self.id[kept],
            log_m=self.log_m[kept],
            residual={x: residual[kept] for x, residual in self.residual.items()},
            log_y_excess=self.log_y_excess[kept],
            log_shell_fraction=self.log_shell_fraction[kept],
            gamma=self.gamma[kept],
        )

    def neighbors(
        self, log_m: FloatArray, uniform: FloatArray, *, window: float, minimum: int
    ) -> tuple[IntArray, BoolArray]:
        """Choose a simulated cluster of similar mass for each target mass (section 2.2.2; decision D9).

        Parameters
        ----------
        log_m, uniform : FloatArray
            (n,) target masses [log10 Msun/h], and uniform random numbers for the choice.
        window : float
            Half width of the search [dex].
        minimum : int
            If the window holds fewer clusters, choose among this number of nearest ones.

        Returns
        -------
        row : IntArray
            (n,) rows of this simulation.
        widened : BoolArray
            (n,) whether the window was widened.
        """
        first = np.searchsorted(self.log_m, log_m - window, side="left")
        number = np.searchsorted(self.log_m, log_m + window, side="right") - first
        widened = number < minimum
        if widened.any():
            distance = np.abs(self.log_m - log_m[widened, None])
            # the nearest clusters are consecutive in order of mass
            nearest = np.argpartition(distance, minimum - 1, axis=1)[:, :minimum]
            first[widened], number[widened] = nearest.min(axis=1), minimum
        return first + (uniform * number).astype(int), widened
