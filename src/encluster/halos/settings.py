"""The halo catalog, as the configuration describes it."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from encluster.halos.contract import MIN_CLUSTERS
from encluster.settings import Flag, Real, Settings, Whole, wrong

_Exponent = Annotated[Real, Field(ge=-10, le=10)]


class Evolution(Settings):
    """Exponents of E(z) at fixed M500c that bring observables to the survey's redshift (decision D2).

    Measured on 3,292 records of Magneticum Box2/hr at z = 0.10-0.29; tests/science repeats it. The listed Y500c goes as
    M_gas T / R500c^2, hence the steep one.
    """

    lx: _Exponent = Field(3.88, description="of L_X at fixed mass")
    temperature: _Exponent = Field(0.31, description="of T at fixed mass")
    m_gas: _Exponent = Field(0.74, description="of M_gas at fixed mass")
    y500: _Exponent = Field(
        2.41, description="of the listed Y500c at fixed mass; 1.05 suits an integral over the sphere"
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
        description="surrogate: a stand-in drawn from measured numbers; magneticum: one of the portal's lists;"
        " table: any text, CSV, ECSV, FITS or VOTable",
    )
    log_m_limit: Real = Field(13.58, ge=12, le=15, description="clusters below are dropped, log10 M500c [Msun/h]")
    redshift: Real = Field(
        0.0663, ge=0, le=3, description="of the surrogate's snapshot, and of lists without a redshift column (D2)"
    )
    n_clusters: Whole = Field(1165, ge=MIN_CLUSTERS, le=100_000, description="number of surrogate clusters")
    path: str | None = Field(None, description="the list to read; null for the surrogate")
    url: str | None = Field(
        None, description="address of the list, fetched where path is null; https://, ftp:// or doi:"
    )
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}\z")] | None = Field(
        None, description="checksum of what is fetched"
    )
    format: str = Field("auto", description="format of the list; auto reads it off the file")
    columns: dict[str, Any] = Field(
        {},
        description="column map of a table: our name -> {column, unit}; redshift: fixed gives every row halos.redshift",
    )
    hdu: Any = Field(None, description="table of a FITS file or VOTable, by number or name, where there are several")
    on_bad: Literal["stop", "drop"] = Field(
        "stop",
        description="at a row with a bad value: stop, or drop the row and say so in the provenance;"
        " more than a fifth is never dropped",
    )
    trust_units: Flag = Field(
        False, description="true: the map's units hold, although the file or the fiducial relations say otherwise"
    )
    thinned: Flag = Field(
        False, description="true where the list is incomplete in mass, so that its number density means nothing"
    )
    label: str | None = Field(
        None, max_length=60, description="name of the input in figures and tables, if not the source"
    )
    evolution: Evolution = Field(
        Evolution(), description="exponents of E(z) that bring observables to the survey's redshift"
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
            raise wrong("path", self.path, "braces cannot be in a path, as Snakemake takes them for wildcards")
        if self.source != "surrogate" and not (self.path or self.url):
            raise wrong("path", None, f"halos.source = {self.source} needs the path of a list, or its url")
        if self.url and not self.sha256:
            raise wrong("sha256", None, "a list that is fetched needs the checksum of its file")
        self._require_use()
        return self

    def _require_use(self) -> None:
        """Raise SettingsError for a key that is set, but that the source does not use: another one was meant."""
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
                raise wrong("label", self.label, "the surrogate is always called that; leave the key out")
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
                "is not used, as it is compared with a list that halos.url fetches; leave the key out",
            )


_OF_LISTS = ("path", "url", "sha256", "format", "columns", "hdu", "on_bad", "trust_units", "thinned")
