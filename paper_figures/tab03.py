"""Table 3: the layers of the paper's network and of the trained network."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

TITLE = "Architecture of the network"
INPUTS = {}  # type: dict[str, str]
SETTINGS = ("standard_architecture",)
CAPTION = (
    "Layers of the paper's network and of the network that this run trains on the Standard catalogs, with their "
    "trainable parameters. The rows come from the networks themselves, as this code builds them. Dropout: share of the "
    r"outputs that training drops. $N_\mathrm{cluster}$: number of clusters in a catalog."
)
COLUMNS = {
    "network": ("", "paper: the paper's network; trained: the network that this run trains"),
    "layer": ("", "kind of layer; the last row of a network is its total"),
    "filters": ("", "units or filters of the layer"),
    "shape": ("", "shape of the output for one catalog"),
    "activation": ("", "activation function"),
    "dropout": ("", "share of the outputs that training drops"),
    "parameters": ("", "trainable parameters"),
    "name": ("", "name of the layer in the saved model"),
}
TOTALS = {"paper": "Network of the paper, total", "trained": "Trained network, total"}


def reduce(settings: Any) -> pd.DataFrame:
    """Return a row per layer of each network; the last row of a network is the total of its trainable parameters."""
    from encluster.network.backend import import_keras
    from encluster.network.settings import ArchitectureSettings

    import_keras()
    from encluster.network.architecture import PAPER
    from encluster.network.layer_table import layer_table
    from encluster.network.model import build

    trained: ArchitectureSettings = settings.standard_architecture
    parts = [
        pd.DataFrame(layer_table(build(architecture))).assign(network=name)
        for name, architecture in (("paper", PAPER), ("trained", trained.architecture))
    ]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)].astype({"filters": "Int64"})


def draw(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed: the total of each network above its layers."""
    parts = []
    for network, layers in table.groupby("network", sort=False):
        *_, total = layers.index
        parts.append(layers.loc[[total, *layers.index[:-1]]].assign(layer=_typeset(layers["layer"])))
        parts[-1].loc[total, "layer"] = TOTALS[str(network)]
    rows = pd.concat(parts)
    return pd.DataFrame(
        {
            "Layer": rows["layer"],
            "Filters": ["" if value == "" else str(int(value)) for value in rows["filters"].fillna("")],
            "Output shape": _typeset(rows["shape"].fillna("")),
            "Activation": rows["activation"].fillna(""),
            "Dropout": [f"{share:.0%}" if share else "" for share in rows["dropout"]],
            "Parameters": [f"{number:,}" for number in rows["parameters"]],
        }
    ).reset_index(drop=True)


def _typeset(texts: pd.Series[str]) -> pd.Series[str]:
    r"""Return sizes as TeX: ``4x1 convolution`` with $4 \times 1$, and shapes as a whole."""
    return texts.map(_with_times)


def _with_times(text: str) -> str:
    if text.startswith("N_cluster"):
        return "$" + text.replace("N_cluster", r"N_\mathrm{cluster}").replace(" x ", r" \times ") + "$"
    return re.sub(r"^(\d)x(\d)", r"$\1 \\times \2$", text)
