r"""Numbers as LaTeX macros: `\input{numbers}` and then \encDeltaSigmaEightStandard in the text."""

import re

import numpy as np
import pandas as pd

from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.formatting import in_math
from encluster.paper.typesetting import latex, literal, plain

PREFIX = "enc"  # so that no macro of LaTeX or of a package is redefined
_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def macros(numbers: pd.DataFrame, facts: Facts) -> str:
    r"""Return numbers.tex: a macro per number, rounded to two digits of its error, with its meaning as a comment.

    The error is the statistical one and the scatter over networks, added in quadrature.

    Parameters
    ----------
    numbers : pd.DataFrame
        A row per number: ``name``, ``value``, ``plus``, ``minus``, ``scatter``, ``networks``, ``unit``, ``meaning``,
        ``figure``.
    facts : Facts
        What made the numbers: `\encSource`, `\encNetwork` and `\encMadeWith`.

    Returns
    -------
    str
        The content of the file.

    Raises
    ------
    ValueError
        If two numbers have the same macro.
    """
    lines = [f"% Made by the workflow; do not edit. {_comment(facts.made_with)}"]
    texts = {"source": literal(facts.source), "network": facts.network, "made with": facts.made_with}
    lines += [rf"\newcommand{{\{macro_name(name)}}}{{{latex(text)}}}" for name, text in texts.items()]
    taken = {macro_name(name) for name in texts}
    for row in numbers.fillna({"unit": "", "meaning": "", "figure": ""}).to_dict("records"):
        name = macro_name(row["name"])
        if name in taken:
            raise ValueError(f"numbers: {row['name']!r} would have the macro \\{name}, which another number has")
        taken.add(name)
        unit, seeds = row["unit"] and f"[{row['unit']}]", _seeds(int(row["networks"]))
        about = ", ".join(part for part in (row["meaning"], unit, row["figure"], seeds) if part)
        scatter = np.nan_to_num(row["scatter"])
        value = in_math(row["value"], *(float(np.hypot(row[side], scatter)) for side in ("plus", "minus")))
        lines.append(rf"\newcommand{{\{name}}}{{\ensuremath{{{value}}}}} % {_comment(about)}")
    return "\n".join([*lines, ""])


def macro_name(name: str) -> str:
    """Return the macro of a number.

    Parameters
    ----------
    name : str
        The number's name, for example ``delta_sigma8``.

    Returns
    -------
    str
        Letters only, as LaTeX requires, for example ``encDeltaSigmaEight``.
    """
    words = re.sub(r"\d", lambda digit: f" {_DIGITS[int(digit.group())]} ", name)
    return PREFIX + "".join(word[0].upper() + word[1:] for word in re.findall("[A-Za-z]+", words))


def _seeds(networks: int) -> str:
    return f"{networks} seed{'s' if networks > 1 else ''}" if networks else ""


def _comment(text: str) -> str:
    return " ".join(plain(text).split())
