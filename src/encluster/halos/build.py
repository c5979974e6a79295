"""Construction of the halo catalog of a configuration."""

from pathlib import Path

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.plausibility import check_plausible
from encluster.halos.readers import read_records
from encluster.halos.records import bring_to_survey
from encluster.halos.settings import HaloSettings
from encluster.halos.surrogate import make_surrogate


def build_catalog(
    halos: HaloSettings, *, cosmology: Cosmology, survey_redshift: float, mass_function: str, seed: int
) -> HaloCatalog:
    """Make the halo catalog of a configuration (section 2.1).

    Parameters
    ----------
    halos : HaloSettings
        The section ``halos`` of the configuration.
    cosmology : Cosmology
        Cosmology of the simulation.
    survey_redshift : float
        Redshift to which observables are scaled (decision D2).
    mass_function : str
        Model of the surrogate's masses (decision D16).
    seed : int
        Seed of the configuration.

    Returns
    -------
    HaloCatalog
        The catalog.

    Raises
    ------
    ValueError
        If a file or value is wrong; the message has one line and says what would be right.
    """
    if halos.source == "surrogate":
        return make_surrogate(
            halos, cosmology=cosmology, survey_redshift=survey_redshift, mass_function=mass_function, seed=seed
        )
    if not halos.path:
        raise ValueError(f"halos.path is not given; halos.source = {halos.source!r} needs the file to read")
    records = read_records(
        Path(halos.path),
        cosmology=cosmology,
        form=halos.format,
        columns=halos.columns,
        redshift=halos.redshift,
        hdu=halos.hdu,
        trust_units=halos.trust_units,
    )
    if "redshift" in records.origin.names and halos.redshift != HaloSettings.model_fields["redshift"].default:
        raise ValueError(
            f"halos.redshift = {halos.redshift:g}: is not used, as {records.origin.column('redshift')} gives the"
            " redshifts; leave the key out, or set redshift: fixed in halos.columns"
        )
    catalog = bring_to_survey(
        records,
        cosmology=cosmology,
        survey_redshift=survey_redshift,
        evolution=halos.evolution,
        log_m_limit=halos.log_m_limit,
        thinned=halos.thinned,
        source=halos.name,
        on_bad=halos.on_bad,
    )
    if not halos.trust_units:
        check_plausible(catalog, cosmology, where=halos.path)
    return catalog
