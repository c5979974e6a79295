"""Number of clusters per mass bin, Figures 1 and 17."""

from dataclasses import replace

import numpy as np
import pytest

import fig01
import fig17
from encluster.halos.scaling import TABLE2
from factories import configuration, scaling_relations, surrogate
from harness import drawn

RELATIONS = {name: replace(law, scatter=0.12) for name, law in TABLE2.items()}
SCALING = scaling_relations(relations=RELATIONS, abundance_ratio=0.885)


@pytest.fixture(scope="module")
def halos():
    return surrogate(400)


def test_fig01_has_the_breaks_that_the_flux_limit_asks_for(halos) -> None:
    data = fig01.reduce(halos, SCALING, configuration())
    assert set(data["sigma8"]) == {0.72, 0.92}
    surveys = data[data["kind"] == "survey"]
    for bias, line in surveys.groupby("lx_normalization"):
        # at fixed luminosity, M ~ b^(-1/1.74)
        expected = 14.4 + np.log10(0.704) - np.log10(bias) / 1.74
        assert line["log_m_break"].unique() == pytest.approx([expected])
    box = data[(data["kind"] == "box") & (data["sigma8"] == 0.92)]["n_per_bin"].to_numpy()
    full = surveys[(surveys["sigma8"] == 0.92) & (surveys["lx_normalization"] == 1.3)]
    above = (full["log_m"] > full["log_m_break"]).to_numpy()
    assert full["n_per_bin"].to_numpy()[above] == pytest.approx(box[above] / 2)
    assert (full["n_per_bin"].to_numpy()[~above] < box[~above] / 2).all()


def test_fig01_follows_the_other_reading_of_the_flux_limit(halos) -> None:
    settings = configuration(mocks={"flux_limit": "mass"})
    breaks = fig01.reduce(halos, SCALING, settings)["log_m_break"].dropna().unique()
    assert breaks == pytest.approx([14.4 + np.log10(0.704)])


def test_fig17_overlays_each_survey_and_smooths_it() -> None:
    settings = configuration(mock_sets={"larger": {"survey": {"volume_fraction": 0.8, "smoothing_dex": 0.0}}})
    data = fig17.reduce(surrogate(100), scaling_relations(abundance_ratio=0.885), settings)
    assert settings.survey.volume_fraction == 0.5
    chosen = data[(data["kind"] == "survey") & (data["sigma8"] == 0.92) & (data["lx_normalization"] == 0.8)]
    smooth, sharp = (chosen[chosen["set"] == name] for name in ("smaller", "larger"))
    assert (set(smooth["volume_fraction"]), set(smooth["smoothing_dex"])) == ({0.3}, {0.076})
    # a slow twin: each bin of the sharp survey spread as a Gaussian
    log_m, before = sharp["log_m"].to_numpy(), 0.3 / 0.8 * sharp["n_per_bin"].to_numpy()
    kernel = np.exp(-0.5 * ((log_m[:, None] - log_m) / 0.076) ** 2)
    expected = (kernel @ before) * 0.01 / (0.076 * np.sqrt(2 * np.pi))
    inner = (log_m > log_m[0] + 0.4) & (log_m < 15.2)
    assert smooth["n_per_bin"].to_numpy()[inner] == pytest.approx(expected[inner], rel=1e-3)
    assert np.abs(before / expected - 1)[inner].max() > 0.05
    panels = drawn(fig17.draw, data).axes
    assert [axes.texts[0].get_text() for axes in panels] == ["30% of the volume", "80% of the volume"]
