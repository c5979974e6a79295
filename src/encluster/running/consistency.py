"""Consistency of the settings of different sections: masses of survey and halo catalog, number of mock catalogs."""

from encluster.cosmology import Cosmology
from encluster.halos.settings import HaloSettings
from encluster.mocks.settings import MockSettings, SurveySettings
from encluster.network.settings import FEWEST_LABELS, FeatureSettings
from encluster.settings import SettingsError, wrong

_MOST_CATALOGS = 1_000_000  # 8 GB of features


def check_survey(survey: SurveySettings, mocks: MockSettings, halos: HaloSettings, cosmology: Cosmology) -> None:
    """Check that a survey observes masses that the halo catalog has.

    Parameters
    ----------
    survey, mocks : SurveySettings, MockSettings
        Settings of one set of mock catalogs.
    halos : HaloSettings
        Settings of the halo catalog.
    cosmology : Cosmology
        Source of h.

    Raises
    ------
    SettingsError
        If the masses of the survey are not in ascending order or lie below the mass cut of the halo catalog, or the
        abundance comes from a thinned list.
    """
    m_min, m_break = survey.m_min, survey.m_break
    shown = f" = {m_min.log10} ({m_min.unit})"
    if m_break.log_m(cosmology) <= m_min.log_m(cosmology):
        raise SettingsError(
            "survey.m_break.log10",
            f" = {m_break.log10} ({m_break.unit}): must exceed m_min, {m_min.log10} ({m_min.unit})",
        )
    if m_min.log_m(cosmology) < halos.log_m_limit - 1e-9:
        raise SettingsError(
            "survey.m_min.log10",
            f"{shown}: must not lie below halos.log_m_limit = {halos.log_m_limit} (Msun/h), below which there"
            " are no simulated clusters",
        )
    if mocks.abundance != "mass_function" and halos.thinned:
        raise wrong("mocks.abundance", mocks.abundance, "has no meaning for a thinned list; choose mass_function")


def check_number(mocks: MockSettings, features: FeatureSettings) -> None:
    """Check that the mock catalogs are enough to train and test a network, and not too many to hold.

    Parameters
    ----------
    mocks : MockSettings
        Settings of one set of mock catalogs.
    features : FeatureSettings
        Source of the training, validation and testing parts.

    Raises
    ------
    SettingsError
        If there are too few values of sigma8, too few catalogs in a part, or too many catalogs.
    """
    grid, n = mocks.sigma8, mocks.n_catalogs
    distinct = len(set(grid.values))
    if distinct < FEWEST_LABELS:
        raise SettingsError(
            "mocks.sigma8",
            f" = {grid.first} to {grid.last}, number = {grid.number}: has {distinct} distinct values of sigma8;"
            f" a network needs at least {FEWEST_LABELS} to learn from",
        )
    if n > _MOST_CATALOGS:
        number = mocks.normalization.number
        raise SettingsError(
            "mocks.normalization.number",
            f" = {number}: makes {grid.number} * {number}^3 = {n:,} mock catalogs; at most {_MOST_CATALOGS:,}",
        )
    validation, testing = (round(n * part) for part in features.fractions[1:])
    # the standard deviation of the residuals needs two testing catalogs
    for name, found, fewest in (
        ("training", n - validation - testing, FEWEST_LABELS),
        ("validation", validation, 1),
        ("testing", testing, 2),
    ):
        if found < fewest:
            raise SettingsError(
                "features.fractions",
                f" = {list(features.fractions)}: leaves {found} of {n} mock catalogs to the {name} set, which"
                f" needs at least {fewest}; raise mocks.sigma8.number or mocks.normalization.number",
            )
