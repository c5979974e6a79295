"""The rows of Table 3, made from the network itself."""

from encluster.network.architecture import PAPER, TINY
from encluster.network.layer_table import layer_table
from encluster.network.model import build


def test_the_layers_are_those_of_the_printed_table() -> None:
    rows = layer_table(build(PAPER))
    assert rows[-1].layer == "total"
    assert rows[-1].parameters == 10_472_834  # section 3.1
    # Table 3, typed from the paper: layer, filters, activation, dropout
    leaky = "leaky ReLU"
    expected: list[tuple[str, int | None, str, float]] = [("2D input", None, "", 0)]
    expected += [("repeated network", 2048, leaky, 0.25)]
    expected += [("repeated network", width, leaky, 0) for width in (1024, 512, 256, 128, 64)]
    expected += [("repeated network", 32, "linear", 0), ("repeated network", 1, "", 0)]
    expected += [("supplementary data vector input", None, "", 0), ("concatenation", None, "", 0)]
    for filters in (128, 256, 512, 1024):
        expected += [("4x1 convolution", filters, leaky, 0), ("2x1 mean pooling", None, "", 0)]
    expected += [("global max pooling", None, "", 0)]
    expected += [("fully connected", width, leaky, 0.3) for width in (2048, 1024, 512, 256)]
    expected += [("fully connected", 128, "linear", 0), ("output", 1, "", 0)]
    assert [(r.layer, r.filters, r.activation, r.dropout) for r in rows[:-1]] == expected
    assert [r.shape for r in rows if r.layer == "concatenation"] == ["N_cluster x 1 x 3"]


def test_other_widths_of_the_inputs() -> None:
    rows = layer_table(build(TINY, n_features=5, n_supplementary=1))
    assert rows[-1].parameters == TINY.n_parameters(5, 1)
    assert [row.shape for row in rows if "input" in row.layer] == ["N_cluster x 5 x 1", "N_cluster x 1 x 1"]
