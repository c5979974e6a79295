r"""Numbers as LaTeX macros: `\input{numbers}` and then \encDeltaSigmaEightStandard in the text."""

import re

import numpy as np
import pandas as pd

from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.formatting import parts

PREFIX = "enc"  # so that no macro of LaTeX or of a package is overwritten
_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: "\\" + character for character in "&%$#_{}"},
}


def macros(numbers: pd.DataFrame, facts: Facts) -> str:
    r"""Return numbers.tex: a macro per number, rounded to two digits of its error, with its meaning as a comment.

    Parameters
    ----------
    numbers : what `encluster.paper.numbers.reduce` returns
    facts : what made them; `\encSource`, `\encNetwork` and `\encMadeWith` say so

    Raises
    ------
    ValueError : two numbers that would share a macro
    """
    lines = [f"% Made by the workflow; do not edit. {_comment(facts.made_with)}"]
    for name, text in (("source", facts.source), ("network", facts.network), ("made with", facts.made_with)):
        lines.append(rf"\newcommand{{\{macro_name(name)}}}{{{escaped(text)}}}")
    taken = {macro_name("source"), macro_name("network"), macro_name("made with")}
    for row in numbers.fillna({"unit": "", "meaning": "", "figure": ""}).to_dict("records"):
        name = macro_name(row["name"])
        if name in taken:
            raise ValueError(f"numbers: {row['name']!r} would take the macro \\{name}, which there is already")
        taken.add(name)
        about = ", ".join(part for part in (row["meaning"], row["unit"] and f"[{row['unit']}]", row["figure"]) if part)
        value = _in_math(row["value"], row["plus"], row["minus"])
        lines.append(rf"\newcommand{{\{name}}}{{\ensuremath{{{value}}}}} % {_comment(about)}")
    return "\n".join([*lines, ""])


def macro_name(name: str) -> str:
    """Return a name that LaTeX takes, of letters alone: delta_sigma8 -> encDeltaSigmaEight."""
    words = re.sub(r"\d", lambda digit: f" {_DIGITS[int(digit.group())]} ", name)
    return PREFIX + "".join(word[0].upper() + word[1:] for word in re.findall("[A-Za-z]+", words))


def escaped(text: str) -> str:
    """Return plain text with LaTeX's special characters escaped."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def _in_math(value: float, plus: float, minus: float) -> str:
    if not np.isfinite(value):  # a ratio to nothing
        return r"\mathrm{n/a}"
    number, upper, lower = (part.replace(",", "{,}") for part in parts(value, plus, minus))
    mantissa, _, exponent = number.partition("e")
    if exponent:
        number = rf"{mantissa} \times 10^{{{int(exponent)}}}"
    if not upper:
        return number
    return rf"{number} \pm {upper}" if upper == lower else f"{number}^{{+{upper}}}_{{-{lower}}}"


def _comment(text: str) -> str:
    return " ".join(text.split())
