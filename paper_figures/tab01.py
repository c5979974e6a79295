"""Table 1: data preparation and cluster properties."""

import pandas as pd

CAPTION = "Data preparation: each property of a mock catalog, and its range over all catalogs of this run."


def make(data: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed; `data` is results/tab01.csv."""
    numbers = [
        f"{low:.2f} / {mid:.2f} / {high:.2f}" for low, mid, high in data[["minimum", "median", "maximum"]].values
    ]
    return pd.DataFrame(
        {
            "Property": data["property"],
            "Definition": data["definition"],
            "Derived from": data["derived_from"],
            "Scatter by": data["scatter"],
            "Used as": data["used_as"],
            "Minimum / median / maximum": numbers,
        }
    )
