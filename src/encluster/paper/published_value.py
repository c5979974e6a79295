"""One number of the paper, with all that a comparison with ours needs."""

from dataclasses import dataclass
from typing import Literal

# How a number of ours is compared with one of the paper (`encluster.paper.scorecard.verdicts.judge`):
#   within    within 2 sigma, the errors added in quadrature; where the paper has no error, the range that its digits
#             or words allow counts as 2 sigma
#   at most   not above the value
#   below, above   on that side of the value by 2 sigma of our error
#   between   above the value minus its tolerance and below the value plus it, each by 2 sigma of our error
#   range     the paper's errors are a range; ours is inside it, or outside by at most 2 sigma of our error
#   same      exactly the value
#   none      the two have no common scale
Rule = Literal["within", "at most", "below", "above", "between", "range", "same", "none"]
# An alternative repeats a result in other words, which must not count twice.
Basis = Literal["input", "halos", "mocks", "network", "alternative"]

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
    models: tuple[str, ...] = ()

    @property
    def leeway(self) -> float:
        """Half the range that the paper's digits or words allow, in `unit`."""
        return 0.5 * 10.0**-self.decimals if self.tolerance is None else self.tolerance
