"""Numbers of Table 3: the layers of the paper's own network, read from the network itself."""

import pandas as pd

from encluster.network.backend import import_keras


def reduce() -> pd.DataFrame:
    """Return a row per layer, and the total of the trainable parameters in the last row."""
    import_keras()
    from encluster.network.model import PAPER, build, layer_table

    return pd.DataFrame(layer_table(build(PAPER))).astype({"filters": "Int64"})
