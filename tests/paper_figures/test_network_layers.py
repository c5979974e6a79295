"""Layers of the network as boxes, Figures 4 and 5."""

import pandas as pd
import pytest

import fig04
import fig05
from encluster.network.architecture import PAPER, TINY
from encluster.network.layer_table import layer_table
from encluster.network.model import build
from encluster.paper.published import N_PARAMETERS
from harness import drawn


def table3(**networks) -> pd.DataFrame:
    parts = [pd.DataFrame(layer_table(build(network))).assign(network=name) for name, network in networks.items()]
    return pd.concat(parts, ignore_index=True)


def test_figs_4_and_5_have_the_sizes_of_the_real_layers() -> None:
    table = table3(paper=TINY)
    boxes = fig05.reduce(table)
    widths = boxes.groupby("part", sort=False)["width"].apply(list).to_dict()
    cnn = [width for filters in TINY.convolutions for width in (filters, filters)]
    assert widths == {
        "input": [15],
        "encoder": list(TINY.encoder),
        "terse": [1],
        "supplementary": [2],
        "concatenation": [3],
        "cnn": [*cnn, TINY.convolutions[-1], *TINY.dense],
        "output": [1],
    }
    assert boxes["parameters"].sum() == TINY.n_parameters()
    heights = boxes.loc[boxes["part"] == "cnn", "height"].tolist()
    assert heights == [1, 1 / 2, 1 / 2, 1 / 4, 1 / 4, 1 / 8, 1 / 8, 1 / 16, *[0] * (1 + len(TINY.dense))]
    assert (boxes.loc[boxes["part"].isin(["input", "encoder", "terse"]), "height"] == 1).all()
    layers = fig04.autoencoder(table)
    assert layers["width"].tolist() == [15, *TINY.encoder, 1, *TINY.encoder[::-1], 15]
    assert layers["part"].tolist() == ["input", "encoder", "encoder", "terse", "decoder", "decoder", "output"]
    for figure in (fig04, fig05):
        drawn(figure.draw, figure.reduce(table))


def test_fig05_is_the_papers_network() -> None:
    boxes = fig05.reduce(table3(paper=PAPER, trained=TINY))
    assert boxes["parameters"].sum() == N_PARAMETERS.value
    by_part = boxes.groupby("part")["parameters"].sum()
    # section 3.1: about 2.8 and 7.6 million
    assert by_part["encoder"] == pytest.approx(2.8e6, rel=0.02)
    assert by_part["cnn"] == pytest.approx(7.6e6, rel=0.02)
