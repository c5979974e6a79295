"""Figure 19: true and predicted sigma8 of the prescriptive model."""

import pandas as pd
from matplotlib.figure import Figure

from encluster.paper.published import PUBLISHED
from fig08 import make as draw_predictions

PAPER = PUBLISHED["delta_sigma8_prescriptive"]
CAPTION = (
    "As Figure 8, for the prescriptive model of Appendix B: each observable of a cluster is its own in the simulation "
    "times a power of sigma8, in place of the scatter and the free scaling relations of the other mocks. A scatter "
    f"far below that of Figure 8 (the paper has {PAPER.value}) is not to be trusted: the network can read sigma8 off "
    "the prescription (Figure 21). The exponents are a stand-in for those of Singh et al. (2019), which could not be "
    "had (decision D15)."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw predictions; `data` is results/fig19.csv."""
    return draw_predictions(data)
