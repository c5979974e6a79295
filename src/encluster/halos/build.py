"""The halo catalog that a configuration asks for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.columns import nearest
from encluster.halos.plausibility import check_plausible
from encluster.halos.readers import read_records
from encluster.halos.records import EVOLUTION, ON_BAD, bring_to_survey
from encluster.halos.surrogate import SurrogateSettings, make_surrogate

SOURCES = ("surrogate", "magneticum", "table")
DEFAULT_REDSHIFT = 0.0663  # of the configuration
_KEYS = (
    "source path format columns hdu on_bad trust_units log_m_limit thinned n_clusters redshift evolution"  # noqa: SIM905
    " label url sha256".split()
)


def build_catalog(
    settings: Mapping[str, Any], *, cosmology: Cosmology, survey_redshift: float, mass_function: str, seed: int
) -> HaloCatalog:
    """Make the catalog of a configuration's ``halos`` section; config/README.md describes its keys.

    Parameters
    ----------
    settings : the section
    cosmology : the simulation's
    survey_redshift : what observables are brought to (decision D2)
    mass_function : of the surrogate's masses (decision D16)
    seed : the configuration's

    Raises
    ------
    ValueError : a key, file or value that is wrong; one line that says what would be right
    """
    unknown = next((key for key in settings if key not in _KEYS), None)
    if unknown is not None:
        raise ValueError(f"halos: key {unknown!r} is not known{nearest(unknown, list(_KEYS))}")
    source = settings.get("source")
    if source not in SOURCES:
        raise ValueError(f"halos.source = {source!r} is not known; choose one of {', '.join(SOURCES)}")
    evolution = {**EVOLUTION, **settings.get("evolution", {})}
    unknown = next((key for key in evolution if key not in EVOLUTION), None)
    if unknown is not None:
        raise ValueError(f"halos.evolution: {unknown!r} is not known{nearest(unknown, list(EVOLUTION))}")
    redshift, log_m_limit = float(settings.get("redshift", DEFAULT_REDSHIFT)), float(settings.get("log_m_limit", 13.58))
    label = settings.get("label") or source
    if source == "surrogate":
        surrogate = SurrogateSettings(
            n_clusters=int(settings.get("n_clusters", 1165)),
            log_m_limit=log_m_limit,
            redshift=redshift,
            survey_redshift=survey_redshift,
            mass_function=mass_function,
            evolution=evolution,
            source=label,
        )
        return make_surrogate(surrogate, cosmology, seed)
    if not settings.get("path"):
        raise ValueError(f"halos.path is not given; halos.source = {source!r} needs the file to read")
    columns = settings.get("columns") or {}
    if source == "table" and not columns:
        raise ValueError(
            "halos.columns is empty; halos.source = 'table' needs {quantity: {column: NAME, unit: UNIT}} for"
            " m500c, temperature, lx, and m_gas or gas_fraction"
        )
    on_bad, trust_units = settings.get("on_bad", "stop"), bool(settings.get("trust_units", False))
    if on_bad not in ON_BAD:
        raise ValueError(f"halos.on_bad = {on_bad!r}: must be one of {', '.join(ON_BAD)}")
    records = read_records(
        Path(settings["path"]),
        cosmology=cosmology,
        form=settings.get("format", "auto"),
        columns=columns,
        redshift=redshift,
        hdu=settings.get("hdu"),
        trust_units=trust_units,
    )
    if "redshift" in records.origin.names and redshift != DEFAULT_REDSHIFT:
        raise ValueError(
            f"halos.redshift = {redshift:g}: is not used, as {records.origin.column('redshift')} gives the redshifts;"
            " leave the key out, or say redshift: fixed in halos.columns"
        )
    catalog = bring_to_survey(
        records,
        cosmology=cosmology,
        survey_redshift=survey_redshift,
        evolution=evolution,
        log_m_limit=log_m_limit,
        thinned=bool(settings.get("thinned", False)),
        source=label,
        on_bad=on_bad,
    )
    if not trust_units:
        check_plausible(catalog, cosmology, where=str(settings["path"]))
    return catalog
