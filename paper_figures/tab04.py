"""Table 4: scatter of predicted sigma8."""

import numpy as np
import pandas as pd

CAPTION = (
    "Scatter of predicted sigma8 with all of the information and with less. Standard deviation of predicted minus true "
    "over the testing catalogs, with its bootstrap error, beside the paper's; bias: their mean. N_cluster mapping: "
    "median sigma8 of the training catalogs in bins of ten clusters, no network; its second row counts testing "
    "catalogs of 90 to 109 clusters alone, as the paper's text says 'near 100'."
)
NAMES = {
    "standard": "Standard",
    "shuffled": "Shuffled",
    "no_wl": "No WL",
    "n_cluster_mapping": "N_cluster mapping",
    "n_cluster_mapping_near_100": "N_cluster mapping, 90-109 clusters",
    "array_of_ones": "Array of Ones",
}


def make(data: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed; `data` is results/tab04.csv."""
    # what is missing may come as an empty text
    numbers = data.drop(columns=["case", "section"]).apply(pd.to_numeric, errors="coerce")
    return pd.DataFrame(
        {
            "Test case": data["case"].map(NAMES),
            "Delta sigma8": _with_error(numbers["delta_sigma8"], numbers["error"]),
            "Paper": _with_error(numbers["published"], numbers["published_err"]),
            "Bias": _with_error(numbers["bias"], numbers["delta_sigma8"] / np.sqrt(numbers["n"]), sign="+"),
            "Catalogs": data["n"].astype(str),
            "Section": data["section"].astype(str),
        }
    )


def _with_error(values: pd.Series, errors: pd.Series, sign: str = "") -> list[str]:
    pairs = zip(values, errors, strict=True)
    return [f"{value:{sign}.4f} ± {error:.4f}" if np.isfinite(value) else "-" for value, error in pairs]
