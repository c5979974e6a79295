"""Beyond the paper: our numbers on simulated clusters that no training catalog has used."""

import pandas as pd

from encluster.paper.published_value import DELTA_S8, N_CLUSTER, SIGMA8
from encluster.paper.scorecard.formatting import with_scatter
from encluster.paper.scorecard.measured import measured_numbers
from encluster.paper.typesetting import Table, literal

UNSEEN = "unseen_"  # numbers on such clusters begin with this; the rest is the name on the run's own test catalogs
# the words for each number, which the name of a network follows
QUANTITIES = {
    "delta_sigma8_": DELTA_S8,
    "bias_spread_": "standard deviation of the mean error over the realizations",
    "bias_": f"mean error of {SIGMA8}",
    "share_of_bias_": "share of the finite simulation in the mean square of the mean error",
}
NETWORKS = {
    "standard": "Standard",
    "shuffled": "Shuffled",
    "no_wl": "No WL",
    "array_of_ones": "Array of Ones",
    "prescriptive": "prescriptive",
    "n_cluster_mapping": f"{N_CLUSTER} mapping",
    "n_cluster_mapping_near_100": f"{N_CLUSTER} mapping near 100",
}
ABOUT = (
    "Training and test catalogs of the paper are drawn from the same simulated clusters, and so are those of the "
    "results above. Here the trained networks predict mock catalogs of clusters that no training catalog has used. "
    "The paper has no such numbers; there is no verdict."
)
HEADINGS = ("Quantity", "Unseen clusters", "Own test catalogs")


def unseen(numbers: pd.DataFrame) -> Table:
    """Return the numbers on unseen clusters beside the same numbers on the run's own test catalogs.

    Parameters
    ----------
    numbers : pd.DataFrame
        A row per number of the run: ``name``, ``value``, ``plus``, ``minus``, ``scatter``, ``networks``, ``unit``,
        ``meaning``.

    Returns
    -------
    Table
        A row per number whose name begins with `UNSEEN`; without rows if the run has none.
    """
    measured = measured_numbers(numbers)
    texts = numbers.fillna({"unit": "", "meaning": ""}).set_index("name")
    rows = []
    for name in filter(lambda name: name.startswith(UNSEEN), measured):
        own, unit, meaning = name.removeprefix(UNSEEN), *map(literal, texts.loc[name, ["unit", "meaning"]])
        shown = [with_scatter(measured[each], unit) if each in measured else "" for each in (name, own)]
        rows.append([_words(own) or meaning, *shown])
    return Table.of(HEADINGS, rows, align=False)


def _words(own: str) -> str:
    """Return what a number is, for example the scatter of a network; empty if the name does not say so."""
    for beginning, quantity in QUANTITIES.items():
        network = own.removeprefix(beginning)
        if network != own and network in NETWORKS:
            return f"{quantity}, {NETWORKS[network]}"
    return ""
