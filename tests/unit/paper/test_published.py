"""The published numbers: they are in the paper, and their texts are complete."""

import re
from pathlib import Path

import pytest

from encluster.halos.scaling import TABLE2
from encluster.paper.published import NOT_MEASURED, PUBLISHED
from encluster.paper.scorecard.sentences import CAUSES, GENERIC, READ
from encluster.paper.sections import TITLES, section_of
from encluster.paper.typesetting import html, plain

# what stands beside a number that stands in the paper more than once, or might
BESIDE = {
    "omega_b": r"\Omega_b = 0.046",
    "box": "box side length of $352h^{-1}$ Mpc",
    "survey_redshift": "z=0.07 has 1165 unique clusters",
    "volume_fraction": "survey volume corresponds to 1/2 of",
    "selection_slope": "We use A=2.4",
    "log_m_break": r"M_{\rm break}=10^{14.4}\,M_{\odot}",
    "log_m_min": r"M_{\rm min} = 10^{13.6}\,M_{\odot}",
    "mass_bin": "0.01dex logarithmic mass",
    "collecting_area": r"A=600\,\mathrm{cm}^2",
    "exposure": r"t_{\mathrm{obs}}=100\,\mathrm{ks}",
    "band_low": r"$0.5-2.0\,\mathrm{keV}$ energy band",
    "band_high": r"$0.5-2.0\,\mathrm{keV}$ energy band",
    "field": r"42'\times42'$ field of view",
    "pixel": '6" pixels',
    "line_of_sight": r"\pm50\,\mathrm{Mpc}$ along the line of",
    "sigma_wl_low": "10 and 30% with flat priors",
    "sigma_wl_high": "10 and 30% with flat priors",
    "sigma_wl_low_table1": "20%-40% lognormal scatter",
    "sigma_wl_high_table1": "20%-40% lognormal scatter",
    "sigma8_first": "between 0.7 and 0.92",
    "sigma8_last": "between 0.7 and 0.92",
    "sigma8_step": r"0.92 with $\Delta\sigma_8=0.01$",
    "normalization_first": "between 0.8 and 1.3",
    "normalization_last": "between 0.8 and 1.3",
    "normalization_step": r"1.3, with $\Delta = 0.1$",
    "bias_low": "randomly between 0.7 and 1.3",
    "bias_high": "randomly between 0.7 and 1.3",
    "n_varied": "we vary 8 parameters",
    "neighbor_window": r"\log(M_{\rm neighbor})| \leq 0.1",
    "matrix_width": "w=15",
    "fraction_training": "training set comprises 80%",
    "fraction_testing": "testing set comprises the remaining 10%",
    "learning_rate": "(lr = 0.001)",
    "n_epochs": "training proceeds for 5000 epochs",
    "select_from_epoch": "in the 2000",
    "smoothing": r"\log(M)=0.076",
    "smaller_volume": "smaller survey volume (top) is 30% of",
    "larger_volume": "larger survey volume (bottom) is 80% of",
    "prescriptive_learning_rate": "learning rate increased to 0.01",
    "gas_mass_error": r"\lesssim 2.5\%$ across the cluster mass range",
    "lx_scatter": "1.74\t-24.81\t0.13",
    "temperature_slope": "0.61\t-8.25\t0.03",
    "temperature_scatter": "0.61\t-8.25\t0.03",
    "m_gas_scatter": "1.16\t-3.32\t0.10",
    "lx_scatter_in_mass": r"\log(M)=0.076",
    "delta_sigma8_n_cluster_mapping": "0.0650 ± 0.0030",
    "delta_sigma8_n_cluster_mapping_near_100": r"0.0650 \pm 0.0030$",
    "leave_one_out_width": r"|\Delta\sigma_8| < 0.003",
    "sigma8_scatter_at_n_yx": "sample regions is ~ 0.03",
    "sigma8_scatter_smaller": " of ~ 0.03 ; the introduction of smoothing",
    "sigma8_scatter_larger": "could be constrained to ~ 0.03",
    "proxy_scatter_yx": "lower-scatter proxy, 7.3%",
    "delta_sigma8_prescriptive": r"\Delta\sigma_8=0.0016",
    "minimal_redshift": r"$z_{\rm min} = 0.01$",
    "mass_prior": r"equivalent to $\pm 30\%$ constraints on the cluster mass",
    "sigma8_scatter_region_a": "sample regions is ~ 0.03",
    "sigma8_scatter_region_b": "sample regions is ~ 0.03",
    "mass_knowledge": r"\pm 12\%$ knowledge of the cluster masses",
}


def test_the_published_numbers_stand_in_the_paper(shared_data: Path) -> None:
    paper_text = shared_data.parent / "paper/paper.txt"
    if not paper_text.exists():
        pytest.skip("needs ../shared/paper, which is absent here")
    text = paper_text.read_text()
    assert set(BESIDE) <= set(PUBLISHED)
    sought = 0
    for name, paper in PUBLISHED.items():
        if paper.words or "_ratio_" in name or name.endswith(("_log_x0", "_over_standard")):
            continue
        forms = {f"{paper.value:,.{paper.decimals}f}", f"{paper.value:.{paper.decimals}f}", f"{paper.value:g}"}
        # shares of one may stand as percentages, 0.5 as 1/2
        forms |= {f"{100 * paper.value:g}{end}" for end in ("%", "\\%", " and 30%")} | (
            {"1/2"} if paper.value == 0.5 else set()
        )
        beside = BESIDE.get(name, "")
        # one or two digits stand anywhere
        assert beside or max(len(form.strip("0.%\\")) for form in forms) > 2, name
        assert beside in text, name
        found = any(re.search(rf"(?<![\d.]){re.escape(form)}(?!\d)", beside or text) for form in forms)
        assert found, f"{name}: {forms}"
        for error in {paper.plus, paper.minus} - {0.0}:
            assert f"{error:.{paper.decimals}f}" in text, name
        sought += 1
    assert sought > 70


def test_every_number_of_a_network_says_of_which() -> None:
    without = {name for name, paper in PUBLISHED.items() if paper.basis == "network" and not paper.models}
    assert without == {"delta_sigma8_n_cluster_mapping", "mass_knowledge"}
    with_models = {name for name, paper in PUBLISHED.items() if paper.models and paper.basis != "network"}
    assert with_models == {"best_epoch"}


def test_what_follows_from_code_or_simulation_is_no_result() -> None:
    construction = {name for name, paper in PUBLISHED.items() if paper.basis == "construction"}
    laws = {f"{x}_{part}" for x in TABLE2 for part in ("slope", "log_x0", "scatter")}
    of_mocks = {"massive_over_light_with_sigma8", "residuals_temperature_m_gas"}
    assert construction == laws | of_mocks | {"lx_scatter_in_mass", "n_parameters", "best_epoch"}
    # one row for the parameters, though the paper also gives the parts
    assert [name for name in PUBLISHED if "parameters" in name] == ["n_parameters"]


def test_every_spread_and_open_digit_is_said_in_its_row() -> None:
    for name in ("saliency_ratio_m_gas", "saliency_ratio_gamma"):
        assert "spreads over clusters" in PUBLISHED[name].condition
    assert all("±0.077 dex, or 19 %" in plain(PUBLISHED[f"{x}_log_x0"].condition) for x in TABLE2)


def test_what_words_mean_is_said_in_words_or_condition() -> None:
    for name, paper in PUBLISHED.items():
        if paper.tolerance is not None and paper.basis != "construction":
            said = plain(f"{paper.words} {paper.condition}")
            low, high = (f"{paper.value + sign * paper.tolerance:g}" for sign in (-1, 1))
            assert f"{paper.tolerance:g}" in said or f"{low}–{high}" in said, name


# decimal numbers in causes and conditions that are not in the paper, and what they are
ELSEWHERE = {
    "0.272": "WMAP7",
    "0.046": "the list of Green et al. (2019)",
    "0.106": "the same in ln",
    "0.075": "0.13 / 1.74",
    "0.077": "half the last digits of Table 2, at the pivot",
    "0.2": "bins of the gas-mass error",
    "0.13": "half a step between the radii",
    "0.1": "what no correlation means",
    "0.005": "what not noticeable means",
}


def test_no_text_holds_a_number_of_one_run(shared_data: Path) -> None:
    paper_text = shared_data.parent / "paper/paper.txt"
    if not paper_text.exists():
        pytest.skip("needs ../shared/paper, which is absent here")
    known = set(re.findall(r"\d+\.\d+", paper_text.read_text())) | set(ELSEWHERE)
    texts = [*CAUSES.values(), *GENERIC.values(), *NOT_MEASURED.values(), *(p.condition for p in PUBLISHED.values())]
    found = set(re.findall(r"\d+\.\d+", " ".join(re.sub(r"[Ss]ection [\d.]+", "", text) for text in texts)))
    assert found - known == set()
    assert set(ELSEWHERE) <= found
    # numbers of the run stand in angle brackets
    assert sum(len(re.findall("<.*?>", text)) for text in texts) > 20


def test_causes_and_excuses_are_of_published_numbers() -> None:
    assert {*CAUSES, *READ, *NOT_MEASURED} <= set(PUBLISHED)


def test_every_text_is_typeset_and_every_place_is_in_a_section() -> None:
    typeset = 0
    for name, paper in PUBLISHED.items():
        for text in (paper.quantity, paper.unit, paper.words, paper.where, re.sub("<.*?>", "", paper.condition)):
            typeset += "<" in html(text) and "$" in text
            # symbols stand in formulas
            assert not re.search(r"sigma|Delta|gamma|[A-Za-z]_[A-Za-z]|\^|Msun|R500", re.sub(r"\$.*?\$", "", text)), (
                name
            )
        assert section_of(paper.where) in TITLES, name
    assert typeset > 50
    for text in (*CAUSES.values(), *NOT_MEASURED.values()):
        assert not re.search(r"sigma|[A-Za-z]_[A-Z]|\^|Msun", re.sub(r"\$.*?\$|<.*?>", "", text)), text
        html(text)


@pytest.mark.parametrize(
    ("where", "section"),
    [
        ("section 2.1.3", "Section 2"),
        ("sections 2.1, 2.1.1", "Section 2"),
        ("section 5.1, Fig. 9", "Section 5"),
        ("Fig. 3", "Section 2"),
        ("Fig. 4", "Section 3"),
        ("Fig. 8", "Section 4"),
        ("Fig. 9", "Section 5"),
        ("Fig. 16", "Section 5"),
        ("Fig. 17", "Appendix A"),
        ("Fig. 19", "Appendix B"),
        ("Table 2", "Section 2"),
        ("Table 3", "Section 3"),
        ("Table 4", "Section 4"),
        ("Appendix B", "Appendix B"),
    ],
)
def test_sections(where: str, section: str) -> None:
    assert section_of(where) == section


def test_a_place_outside_the_paper_is_an_error() -> None:
    with pytest.raises(ValueError, match="'the abstract' is not a section, figure or table of the paper"):
        section_of("the abstract")
