"""Table 3: the network."""

import pandas as pd

CAPTION = "Architecture of the paper's network, read from the network that is trained; N is the number of clusters."


def make(data: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed; `data` is results/tab03.csv."""
    shown = data.drop(columns=["source", "photons"]).fillna("")
    shown["filters"] = ["" if value == "" else str(int(value)) for value in shown["filters"]]
    shown["dropout"] = [f"{value:.0%}" for value in data["dropout"]]
    shown["parameters"] = [f"{value:,}" for value in data["parameters"]]
    return shown.rename(columns=str.capitalize)
