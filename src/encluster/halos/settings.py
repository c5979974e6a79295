"""Settings of the halo catalog."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from encluster.halos.contract import MIN_CLUSTERS
from encluster.settings import Flag, Real, Settings, Whole, wrong

_Exponent = Annotated[Real, Field(ge=-10, le=10)]


class Evolution(Settings):
    """Exponents of E(z) at fixed M500c that scale observables to the survey's redshift (decision D2).

    They were measured on 3,292 records of Magneticum Box2/hr at z = 0.10-0.29; tests/science repeats the measurement.
    The listed Y500c is proportional to M_gas T / R500c^2; therefore its exponent is large.
    """

    lx: _Exponent = Field(3.88, description="exponent for L_X at fixed mass")
    temperature: _Exponent = Field(0.31, description="exponent for T at fixed mass")
    m_gas: _Exponent = Field(0.74, description="exponent for M_gas at fixed mass")
    y500: _Exponent = Field(
        2.41, description="exponent for the listed Y500c at fixed mass; 1.05 for an integral over the sphere"
    )


class HaloSettings(Settings):
    """The halo catalog (section 2.1).

    Raises
    ------
    SettingsError
        If a value is out of range, or a key has no effect with the chosen source.
    """

    source: Literal["surrogate", "magneticum", "table"] = Field(
        "surrogate",
        description="surrogate: clusters drawn from measured relations; magneticum: one of the portal's lists;"
        " table: any text, CSV, ECSV, FITS or VOTable",
    )
    log_m_limit: Real = Field(13.58, ge=12, le=15, description="lower mass limit, log10 M500c [Msun/h]")
    redshift: Real = Field(
        0.0663,
        ge=0,
        le=3,
        description="redshift of the surrogate's snapshot, and of lists without a redshift column (D2)",
    )
    n_clusters: Whole = Field(1165, ge=MIN_CLUSTERS, le=100_000, description="number of surrogate clusters")
    path: str | None = Field(None, description="the list to read; null for the surrogate")
    url: str | None = Field(
        None, description="address of the list, downloaded if path is null; https://, ftp:// or doi:"
    )
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}\z")] | None = Field(
        None, description="checksum of the downloaded file"
    )
    format: str = Field("auto", description="format of the list; auto: recognized from the content")
    columns: dict[str, Any] = Field(
        {},
        description="column map of a table: quantity -> {column, unit}; redshift: fixed gives every row halos.redshift",
    )
    hdu: Any = Field(None, description="number or name of the table in a FITS file or VOTable with several tables")
    on_bad: Literal["stop", "drop"] = Field(
        "stop",
        description="at a row with a bad value: stop, or drop the row and record it in the provenance;"
        " more than a fifth of the rows is never dropped",
    )
    trust_units: Flag = Field(
        False, description="true: the map's units apply, even if the file or the fiducial relations disagree"
    )
    thinned: Flag = Field(
        False, description="true: the list is incomplete in mass, so that its number density has no meaning"
    )
    label: str | None = Field(
        None, max_length=60, description="name of the input in figures and tables, if not the source"
    )
    evolution: Evolution = Field(
        Evolution(), description="exponents of E(z) that scale observables to the survey's redshift"
    )

    @property
    def name(self) -> str:
        """Name of the simulation in everything that is made from it."""
        return self.label or self.source

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not isinstance(self.hdu, int | str | None) or isinstance(self.hdu, bool):
            raise wrong("hdu", self.hdu, "must be a number or a name")
        for key in ("label", "path"):
            text = getattr(self, key)
            if text is not None and not (text.isprintable() and text.strip()):
                raise wrong(key, text, "must be one line of printable characters, not all blank")
        if set("{}") & set(self.path or ""):
            raise wrong("path", self.path, "must have no braces, which Snakemake reads as wildcards")
        if self.source != "surrogate" and not (self.path or self.url):
            raise wrong("path", None, f"halos.source = {self.source} needs the path of a list, or its url")
        if self.url and not self.sha256:
            raise wrong("sha256", None, "a list that is downloaded needs the checksum of its file")
        self._require_use()
        return self

    def _require_use(self) -> None:
        """Raise SettingsError for a key that is set but not used by the source."""
        if self.source == "surrogate":
            for key in _OF_LISTS:
                if (value := getattr(self, key)) != type(self).model_fields[key].default:
                    raise wrong(
                        key,
                        value,
                        "is not used by halos.source = surrogate; set halos.source to magneticum or table to read a"
                        " list, or leave the key out",
                    )
            if self.label is not None:
                raise wrong("label", self.label, "is not used by halos.source = surrogate; leave the key out")
        if self.source == "magneticum" and self.columns:
            raise wrong("columns", self.columns, "is not used by halos.source = magneticum; set halos.source: table")
        if self.source == "table" and not self.columns:
            raise wrong(
                "columns",
                self.columns,
                "halos.source = table needs {quantity: {column: NAME, unit: UNIT}} for m500c, temperature, lx, and"
                " m_gas or gas_fraction",
            )
        if self.path and self.url:
            raise wrong("path", self.path, "is not used, as halos.url is set too; leave one of them out")
        if self.sha256 and not self.url:
            raise wrong(
                "sha256",
                self.sha256,
                "is not used without halos.url, which downloads the list; leave the key out",
            )


_OF_LISTS = ("path", "url", "sha256", "format", "columns", "hdu", "on_bad", "trust_units", "thinned")
