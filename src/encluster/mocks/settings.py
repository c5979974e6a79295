"""Settings of the survey and of the mock catalogs (section 2.2)."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from encluster.cosmology import Cosmology
from encluster.mocks.survey import Survey, mass_bins
from encluster.settings import Real, Settings, Whole, wrong
from encluster.types import FloatArray

_Limited = Annotated[Real, Field(ge=-100, le=100)]
Range = tuple[_Limited, _Limited]
Fraction = Annotated[Real, Field(gt=0, le=1)]


class Mass(Settings):
    """A mass with its unit, because the unit that the paper states may not be the one that it means (decision D3)."""

    log10: Real = Field(ge=12, le=16, description="log10 of M500c in this unit")
    unit: Literal["Msun", "Msun/h"] = Field(description="unit of the mass")

    def log_m(self, cosmology: Cosmology) -> float:
        """Return the mass in the unit of all catalogs.

        Parameters
        ----------
        cosmology : Cosmology
            Source of h.

        Returns
        -------
        float
            Value of log10 M500c [Msun/h].
        """
        return float(self.log10 + (np.log10(cosmology.h) if self.unit == "Msun" else 0.0))


class SurveySettings(Settings):
    """The X-ray survey of section 2.1.1."""

    redshift: Real = Field(0.07, gt=0, le=3, description="redshift of the survey (D2)")
    m_min: Mass = Field(Mass(log10=13.6, unit="Msun/h"), description="lower mass cut-off (D3)")
    m_break: Mass = Field(
        Mass(log10=14.4, unit="Msun"),
        description="mass above which the whole volume is observed, at the fiducial relation (D3)",
    )
    slope: Real = Field(2.4, ge=0, le=10, description="A in V_obs ~ M^A below the break")
    volume_fraction: Fraction = Field(0.5, description="survey volume over that of the box")
    bin_dex: Real = Field(0.01, ge=0.001, le=0.1, description="width of the mass bins [dex]")
    smoothing_dex: Real = Field(
        0.0,
        ge=0,
        le=1,
        description="width of the Gaussian that smooths the abundance in log10 M500c, 0.076 in Appendix A [dex]",
    )

    def survey(self, cosmology: Cosmology) -> tuple[Survey, FloatArray]:
        """Return the survey and its mass bins.

        Parameters
        ----------
        cosmology : Cosmology
            Source of h.

        Returns
        -------
        survey : Survey
            The survey.
        edges : FloatArray
            (n_bins + 1,) edges of its mass bins [log10 Msun/h].
        """
        survey = Survey(
            log_m_min=self.m_min.log_m(cosmology),
            log_m_break=self.m_break.log_m(cosmology),
            slope=self.slope,
            volume_fraction=self.volume_fraction,
            smoothing_dex=self.smoothing_dex,
        )
        return survey, mass_bins(survey.log_m_min, width=self.bin_dex)


class Values(Settings):
    """Evenly spaced values with both ends."""

    first: Real = Field(ge=0.3, le=3, description="first value")
    last: Real = Field(ge=0.3, le=3, description="last value")
    number: Whole = Field(ge=1, le=1000, description="number of evenly spaced values")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.last < self.first:
            raise wrong("last", self.last, f"must be at least first, {self.first}")
        return self

    @property
    def values(self) -> tuple[float, ...]:
        """The values, rounded to ten decimals."""
        return tuple(np.linspace(self.first, self.last, self.number).round(10).tolist())


class Neighbors(Settings):
    """Choice of the simulated cluster that provides scatter and profiles (decision D9)."""

    window_dex: Real = Field(0.1, gt=0, le=1, description="half width of the search in mass [dex]")
    minimum: Whole = Field(5, ge=1, le=50, description="number of nearest clusters if the window has fewer (D9)")


_Exponent = Annotated[Real, Field(ge=-10, le=10)]


class PrescriptiveExponents(Settings):
    """Exponents of the ratio of sigma8 to that of the simulation (Appendix B; decision D15)."""

    lx: _Exponent = Field(-1.0, description="exponent for L_X")
    temperature: _Exponent = Field(2.0, description="exponent for T")
    m_gas: _Exponent = Field(-1.0, description="exponent for M_gas")
    y500: _Exponent = Field(1.0, description="exponent for Y500")


class MockSettings(Settings):
    """The mock catalogs of section 2.2."""

    sigma8: Values = Field(Values(first=0.70, last=0.92, number=23), description="grid of sigma8 (D6)")
    normalization: Values = Field(
        Values(first=0.8, last=1.3, number=6), description="grid of the normalization biases of L_X, T and M_gas (D6)"
    )
    scatter: Range = Field((0.7, 1.3), description="range of the scatter biases of L_X, T and M_gas")
    lx_slope: Range = Field((0.7, 1.3), description="range of the bias of the mass-luminosity slope")
    lx_slope_pivot: Mass = Field(
        Mass(log10=14.4, unit="Msun/h"), description="mass at which the slope bias leaves L_X unchanged (D17)"
    )
    sigma_wl: Range = Field(
        (0.1, 0.3), description="range of the scatter of the lensing mass in ln M; Table 1 has 0.2 to 0.4 (D7)"
    )
    abundance: Literal["mass_function", "simulation", "capped"] = Field(
        "mass_function",
        description="mass_function: expected numbers from the mass function; simulation: the simulation's counts times"
        " the ratio of mass functions; capped: the same, limited to the simulation's counts (D4)",
    )
    flux_limit: Literal["luminosity", "mass"] = Field(
        "luminosity",
        description="luminosity: the break changes with each catalog's own relation; mass: the break is fixed (D8)",
    )
    neighbors: Neighbors = Field(
        Neighbors(), description="choice of the simulated cluster that provides scatter and profiles (D9)"
    )
    clusters: Literal["all", "first_half", "second_half"] = Field(
        "all",
        description="simulated clusters that provide scatter and profiles; first_half and second_half have no cluster"
        " in common and the same distribution of mass",
    )
    split: Whole = Field(1, ge=1, le=1000, description="number of the random split into halves")
    observables: Literal["scattered", "prescriptive"] = Field(
        "scattered",
        description="scattered: varied power laws plus the residual of a neighbor (section 2.2.2);"
        " prescriptive: observables of a simulated cluster times powers of sigma8 (Appendix B)",
    )
    prescriptive_exponents: PrescriptiveExponents = Field(
        PrescriptiveExponents(),
        description="exponents of the ratio of sigma8 to that of the simulation; assumed values, because those of Singh"
        " et al. (2019) could not be obtained (D15)",
    )

    @property
    def n_catalogs(self) -> int:
        """Number of mock catalogs on the grid."""
        return self.sigma8.number * self.normalization.number**3

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for name in ("scatter", "lx_slope", "sigma_wl"):
            low, high = getattr(self, name)
            if high < low:
                raise wrong(name, (low, high), "the second must be at least the first")
            if low < 0 or (low == 0 and name == "lx_slope"):
                raise wrong(name, (low, high), "must be positive")
        return self
