"""One number of the paper, with all that a comparison with ours needs."""

from dataclasses import dataclass
from typing import Literal

# How a number of ours is compared with one of the paper (`encluster.paper.scorecard.verdicts.judge`), always by 2 sigma
# of our error; where that leaves both answers possible, the number is too uncertain:
#   within    the two differ by less than 2 sigma, the errors added in quadrature; where the paper has no error, the
#             range that its digits or words allow counts as 2 sigma, and ours is inside that of the words
#   at most   not above the value
#   below, above   on that side of the value
#   between   above the value minus its tolerance and below the value plus it
#   range     inside the paper's errors, which are a range
#   same      a yes or no, for all networks
#   none      the two have no common scale
Rule = Literal["within", "at most", "below", "above", "between", "range", "same", "none"]
# What is counted nowhere: an input is set; a construction follows from the code or from what the simulation was made
# of; an alternative repeats a result in other words.
Basis = Literal["input", "construction", "alternative", "halos", "mocks", "network"]
APART: tuple[Basis, ...] = ("input", "construction", "alternative")

# Units and symbols as TeX
MSUN_H = r"$h^{-1}\,\mathrm{M}_\odot$"
MSUN = r"$\mathrm{M}_\odot$"
SIGMA8 = r"$\sigma_8$"
DELTA_S8 = r"$\Delta\sigma_8$"
N_CLUSTER = r"$N_\mathrm{cluster}$"
M_GAS = r"$M_\mathrm{gas}$"
SIGMA_WL = r"$\sigma_\mathrm{WL}$"


@dataclass(frozen=True)
class Published:
    r"""A value of the paper with its error.

    Parameters
    ----------
    value : float
        The number, in `unit`.
    where : str
        Its section, figure or table.
    quantity : str, optional
        What the number is. Formulas stand between dollar signs, as everywhere in `encluster.paper.typesetting`.
    unit : str, optional
        The unit; empty where the number has none.
    plus, minus : float, optional
        Upper and lower error, in `unit`; zero where the paper gives none.
    decimals : int, optional
        Digits after the decimal point in the paper.
    rule : str, optional
        How ours is compared with it; see `Rule`.
    tolerance : float, optional
        Half the range that the paper's words allow; half a unit of the last printed digit if not given.
    basis : str, optional
        What ours is measured on; an input is set, not measured.
    words : str, optional
        The paper's statement, where it is not the number itself.
    condition : str, optional
        What our number depends on besides the data; angle brackets hold numbers of the run, or what made them.
    models : tuple of str, optional
        The networks that our number depends on, names of the configuration's `models`.
    """

    value: float
    where: str
    quantity: str = ""
    unit: str = ""
    plus: float = 0.0
    minus: float = 0.0
    decimals: int = 0
    rule: Rule = "within"
    tolerance: float | None = None
    basis: Basis = "input"
    words: str = ""
    condition: str = ""
    models: tuple[str, ...] = ()

    @property
    def leeway(self) -> float:
        """Half the range that the paper's digits or words allow, in `unit`."""
        return 0.5 * 10.0**-self.decimals if self.tolerance is None else self.tolerance

    @property
    def need(self) -> float:
        """The largest error of ours that can show agreement, in `unit`.

        Twice the paper's error, or the range that its words allow if that is larger; without such words, a tenth of
        the number if that is larger. Of a range, half its width.
        """
        if self.rule == "range":
            return 0.5 * (self.plus + self.minus)
        by_words = max(self.leeway, abs(self.value) / 10) if self.tolerance is None else self.tolerance
        return max(2 * self.plus, 2 * self.minus, by_words)
