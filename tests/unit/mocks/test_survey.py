"""Selection, flux limit and abundance (sections 2.1.1 and 2.2.1)."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from encluster.cosmology import Cosmology
from encluster.halos.scaling import PowerLaw
from encluster.mocks.settings import SurveySettings
from encluster.mocks.survey import (
    Survey,
    abundance_from_mass_function,
    abundance_from_simulation,
    mass_bins,
)


def test_selection_is_equation_1() -> None:
    survey = Survey(log_m_min=13.6, log_m_break=14.4)
    log_m = np.array([13.599, 13.6, 14.0, 14.4, 15.0])
    # (M / M_break)^2.4 below the break: 10^(-0.8 x 2.4), 10^(-0.4 x 2.4)
    assert survey.selection(log_m) == pytest.approx([0, 0.0120226, 0.1096478, 1, 1], rel=1e-5)


def test_break_follows_the_flux_limit() -> None:
    survey = Survey(log_m_min=13.6, log_m_break=14.25)
    fiducial = PowerLaw(slope=1.74, log_x0=0.246)
    assert survey.at_same_flux_limit(fiducial, fiducial).log_m_break == pytest.approx(14.25)
    brighter = survey.at_same_flux_limit(fiducial, fiducial.varied(normalization=1.3))
    assert brighter.log_m_break == pytest.approx(14.25 - np.log10(1.3) / 1.74)
    steeper = survey.at_same_flux_limit(fiducial, fiducial.varied(slope=1.3))
    assert steeper.log_m_break == pytest.approx(14.4 - 0.15 / 1.3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(log_m_break=13.6), "log_m_break = 13.6 must exceed log_m_min = 13.6"),
        (dict(volume_fraction=0.0), "volume_fraction = 0.0 must lie in 0 ... 1"),
        (dict(volume_fraction=1.1), "volume_fraction = 1.1"),
    ],
)
def test_impossible_surveys(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Survey(**(dict(log_m_min=13.6, log_m_break=14.4) | change))


def test_settings_carry_their_units() -> None:
    survey, edges = SurveySettings().survey(Cosmology())
    assert survey.log_m_min == 13.6
    assert survey.log_m_break == pytest.approx(14.248, abs=0.0005)  # decision D3
    assert edges[0] == 13.6
    assert np.diff(edges) == pytest.approx(0.01)


def test_abundance_integrates_to_the_number_of_clusters() -> None:
    abundance = abundance_from_mass_function(Cosmology(), [0.809], mass_bins(13.58), redshift=0.07, box_mpc_h=352)
    assert abundance.sum() == pytest.approx(1313, abs=2)
    halved = abundance_from_mass_function(
        Cosmology(), [0.809], mass_bins(13.58), redshift=0.07, box_mpc_h=352, ratio=0.5
    )
    np.testing.assert_allclose(halved, abundance / 2)


def test_the_survey_finds_about_100_clusters() -> None:
    survey, edges = SurveySettings().survey(Cosmology())
    sigma8 = [0.70, 0.809, 0.92]
    abundance = abundance_from_mass_function(Cosmology(), sigma8, edges, redshift=0.07, box_mpc_h=352, ratio=0.885)
    number = survey.volume_fraction * abundance @ survey.selection((edges[1:] + edges[:-1]) / 2)
    assert 100 < number[1] < 125  # the paper: near 100
    assert number[0] < 0.6 * number[1] < 0.6 * number[2]


def test_abundance_of_the_simulation_scales_its_own_counts() -> None:
    cosmology, edges = Cosmology(), np.array([13.595, 13.605, 13.995, 14.005])
    log_m = np.array([13.6, 13.6, 14.0])
    abundance = abundance_from_simulation(log_m, cosmology, [0.70, 0.809, 0.92], edges, redshift=0.07)
    np.testing.assert_allclose(abundance[1], [2, 0, 1])
    # the ratios of the science notes at log M = 13.6 and 14.0
    np.testing.assert_allclose(abundance[0], [2 * 0.742, 0, 0.576], atol=0.002)
    np.testing.assert_allclose(abundance[2], [2 * 1.162, 0, 1.372], atol=0.002)


def test_smoothing_rounds_the_transition_and_keeps_the_cut_off() -> None:
    edges = mass_bins(13.6, width=0.001)
    centers = (edges[1:] + edges[:-1]) / 2
    sharp = Survey(log_m_min=13.6, log_m_break=14.25, volume_fraction=0.3)
    smooth = replace(sharp, smoothing_dex=0.076)
    # the abundance rises as M^1.0 below the break and falls as M^-1.4 above: Gaussian convolutions of power laws that
    # end at a point are known in closed form
    in_box = 10.0 ** (-1.4 * (centers - 14.25))
    rise, fall, width = 1.0 * np.log(10), -1.4 * np.log(10), 0.076
    x = centers - 14.25

    def part(slope: float, side: int) -> np.ndarray:
        shifted = (x + slope * width**2) / width
        return np.exp(slope * x + (slope * width) ** 2 / 2) * special.ndtr(side * shifted)

    expected = 0.3 * (part(rise, -1) + part(fall, 1))
    inner = (centers > 13.6 + 0.35) & (centers < 15.5)
    np.testing.assert_allclose(smooth.expected(edges, in_box)[inner], expected[inner], rtol=2e-3)
    assert smooth.expected(edges, in_box).max() < 0.93 * sharp.expected(edges, in_box).max()
    with pytest.raises(ValueError, match="smoothing_dex = -1"):
        replace(sharp, smoothing_dex=-1.0)
