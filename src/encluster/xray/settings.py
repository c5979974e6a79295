"""Settings of the mock X-ray observation (section 2.1.2)."""

from typing import Literal, Self

from pydantic import Field, model_validator

from encluster.settings import Real, Settings, Whole, wrong

BAND_KEV = (0.5, 2.0)  # observer's frame
MAX_SCALE = 6


class Telescope(Settings):
    """The generic instrument of section 2.1.2: constant effective area, no background, no point-spread function.

    Raises
    ------
    SettingsError
        If a value is out of range, or the field is not a whole number of pixels.
    """

    area_cm2: Real = Field(600.0, gt=0, le=1e5, description="effective area, independent of energy [cm2]")
    exposure_s: Real = Field(1.0e5, gt=0, le=1e7, description="exposure time [s]")
    field_arcmin: Real = Field(42.0, ge=5, le=120, description="side of the square field of view [arcmin]")
    pixel_arcsec: Real = Field(6.0, ge=1, le=60, description="side of a pixel [arcsec]")

    @model_validator(mode="after")
    def _whole_pixels(self) -> Self:
        n = self.field_arcmin * 60 / self.pixel_arcsec
        if abs(n - round(n)) > 1e-6 or not 32 <= round(n) <= 4096:
            raise wrong(
                "field_arcmin", self.field_arcmin, f"is {n:g} pixels wide; must be a whole number in 32 ... 4096"
            )
        return self

    @property
    def n_pixels(self) -> int:
        """Number of pixels along a side."""
        return round(self.field_arcmin * 60 / self.pixel_arcsec)


class Clumps(Settings):
    """Clumps in the gas of a cluster."""

    mean_number: Real = Field(4.0, ge=0, le=100, description="mean number within 1.5 R500c (Poisson)")
    emission_fraction: Real = Field(
        0.02, ge=0, le=0.5, description="mean emission of all clumps over that of the smooth gas"
    )


class LineOfSight(Settings):
    """Groups before and behind a cluster."""

    depth_mpc: Real = Field(
        50.0, ge=0, le=200, description="largest distance of groups from the cluster along the line of sight [Mpc]"
    )
    overdensity: Real = Field(4.0, ge=0, le=100, description="number density of groups over the mean of the universe")


class Wavelet(Settings):
    """Parameters of the detection of substructure (section 2.1.2).

    Raises
    ------
    SettingsError
        If a parameter is out of range, the last scale is below the first, or the peak threshold is below the edge
        threshold.
    """

    first_scale: Whole = Field(2, ge=1, le=MAX_SCALE, description="smallest scale; scale j is about 2^j pixels wide")
    last_scale: Whole = Field(6, ge=1, le=MAX_SCALE, description="largest scale")
    peak_sigma: Real = Field(
        5.0, ge=1, le=50, description="threshold for the highest coefficient of a region, in sigma of a Gaussian"
    )
    edge_sigma: Real = Field(
        2.5, ge=1, le=50, description="threshold for all coefficients of a region, in sigma of a Gaussian"
    )
    min_counts: Real = Field(
        6.0, ge=0, le=1000, description="photons in excess of the smooth cluster that a region needs"
    )
    exempt_pixels: Real = Field(
        3.0,
        ge=0,
        le=1000,
        description="radius around the center [pixels]; regions inside it are the cluster's own peak",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_scale < self.first_scale:
            raise wrong("last_scale", self.last_scale, f"must be at least first_scale, {self.first_scale}")
        if self.peak_sigma < self.edge_sigma:
            raise wrong("peak_sigma", self.peak_sigma, f"must be at least edge_sigma, {self.edge_sigma:g}")
        return self


class Simput(Settings):
    """Photon lists of the PHOX portal."""

    pattern: str | None = Field(None, description="path of a cluster's photon list; {id} stands for the cluster")


class XraySettings(Telescope):
    """The mock X-ray observation of section 2.1.2.

    Raises
    ------
    SettingsError
        If a value is out of range, or `photons` and `simput` contradict each other.
    """

    photons: Literal["simulate", "simput"] = Field(
        "simulate", description="simulate: draw photons; simput: read SIMPUT photon lists of the PHOX portal"
    )
    chunks: Whole = Field(32, ge=1, le=1000, description="number of jobs that share the clusters")
    energy_band_kev: tuple[Real, Real] = Field(
        BAND_KEV, description="observed band of the photons [keV]; the emission table has only this band"
    )
    metallicity: Real = Field(0.3, ge=0, le=2, description="metallicity of the gas [solar]")
    clumps: Clumps = Field(Clumps(), description="clumps in the gas")
    line_of_sight: LineOfSight = Field(LineOfSight(), description="groups before and behind the cluster")
    wavelet: Wavelet = Field(Wavelet(), description="masking of substructure by the wavelet decomposition")
    annuli: Whole = Field(24, ge=12, le=60, description="number of annuli of a brightness profile")
    inner_shell: Real = Field(
        0.1,
        ge=0.02,
        le=0.5,
        description="outer radius of the innermost of the seven log-spaced gas-mass shells [R500c] (D10)",
    )
    simput: Simput = Field(Simput(), description="photon lists of the PHOX portal")

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.energy_band_kev != BAND_KEV:
            raise wrong(
                "energy_band_kev", self.energy_band_kev, f"must be {list(BAND_KEV)}, the band of the emission table"
            )
        pattern = self.simput.pattern
        if pattern is not None and not (pattern.isprintable() and pattern.strip()):
            raise wrong("simput.pattern", pattern, "must be one line of printable characters, not all blank")
        if set("{}") & set((pattern or "").replace("{id}", "")):
            raise wrong("simput.pattern", pattern, "must have no braces but {id}; Snakemake reads them as wildcards")
        if self.photons == "simput" and "{id}" not in (pattern or ""):
            raise wrong("simput.pattern", pattern, "xray.photons = simput needs a path with {id} in it")
        if self.photons != "simput" and pattern:
            raise wrong("simput.pattern", pattern, f"is not used by xray.photons = {self.photons}; set it to simput")
        return self
