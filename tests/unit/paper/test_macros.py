"""The numbers of a run as LaTeX macros."""

import re

import numpy as np
import pandas as pd
import pytest

import factories as examples
from encluster.paper import numbers as reduction
from encluster.paper.scorecard.macros import PREFIX, macro_name, macros
from scorecards import FACTS, of_no_network, of_paper, with_errors


def test_macros_are_valid_and_unique() -> None:
    table = reduction.measured_numbers(**examples.inputs())
    lines = macros(table, FACTS).splitlines()
    assert len(lines) == len(table) + 4
    names = []
    for line in lines[1:]:
        found = re.fullmatch(r"\\newcommand\{\\([A-Za-z]+)\}\{(.*?)\}( % .*)?", line)
        assert found, line
        names.append(found.group(1))
        body = re.sub(r"\\[&%$#_{}]", "", found.group(2))
        depth = np.cumsum([{"{": 1, "}": -1}.get(character, 0) for character in body])
        assert depth[-1] == 0
        assert depth.min() >= 0
        assert not re.search(r"[&%$#]|nan", body), line
    assert len(set(names)) == len(names)
    assert all(name.startswith(PREFIX) for name in names)
    text = "\n".join(lines)
    assert r"\newcommand{\encDeltaSigmaEightNoWl}{\ensuremath{0.0200 \pm 0.0010}} % Δσ8, No WL" in text
    assert r"\newcommand{\encNParameters}{\ensuremath{10{,}472{,}834}}" in text
    assert r"\newcommand{\encSource}{surrogate}" in text


def test_macros_of_odd_numbers() -> None:
    table = pd.DataFrame(
        {
            "name": ["tiny", "skew", "unknown", "over nothing"],
            "value": [1.5e-7, 0.391, np.nan, np.inf],
            "plus": [0, 0.014, 0, 0],
            "minus": [0, 0.011, 0, np.nan],
        }
    )
    table = of_no_network(table)
    text = macros(table, FACTS)
    assert r"\ensuremath{1.5 \times 10^{-7}}" in text
    assert r"\ensuremath{0.391^{+0.014}_{-0.011}}" in text
    assert r"\encUnknown}{\ensuremath{\mathrm{n/a}}}" in text
    assert r"\encOverNothing}{\ensuremath{\mathrm{n/a}}}" in text


def test_a_macro_has_both_errors_and_says_of_how_many_networks() -> None:
    table = with_errors(of_paper(), delta_sigma8_standard=(0.0003, 0.0004, 3), delta_sigma8_no_wl=(0.0003, np.nan, 1))
    text = macros(table, FACTS)
    assert r"\encDeltaSigmaEightStandard}{\ensuremath{0.02120 \pm 0.00050}} % 3 seeds" in text
    assert r"\encDeltaSigmaEightNoWl}{\ensuremath{0.02970 \pm 0.00030}} % 1 seed" in text


def test_two_numbers_cannot_share_a_macro() -> None:
    table = of_paper().iloc[:2].assign(name=["m_500", "m500"])
    with pytest.raises(ValueError, match=r"'m500' would have the macro \\encMFiveZeroZero, which another number has"):
        macros(table, FACTS)
    assert macro_name("m500") == "encMFiveZeroZero"
