"""Table 2: power laws of the simulation."""

import pandas as pd

CAPTION = (
    "Power laws log X = slope log(M500c / (Msun/h)) + log X0 of the simulated clusters, beside the paper's. 'At "
    "pivot' is log X at 10^14.4 Msun/h, where slope and normalization are independent. Scatter in dex: half the "
    "16-84 range, and the standard deviation, which outliers widen."
)
NAMES = {"lx": "log L_X", "temperature": "log T", "m_gas": "log M_gas"}


def make(data: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed; `data` is results/tab02.csv."""
    return pd.DataFrame(
        {
            "Item": data["item"].map(NAMES),
            "Units": data["units"],
            "Slope": _with_error(data, "slope", 3),
            "Slope (paper)": data["slope_published"].map("{:.2f}".format),
            "log X0": data["log_x0"].map("{:.2f}".format),
            "log X0 (paper)": data["log_x0_published"].map("{:.2f}".format),
            "At pivot": _with_error(data, "log_x0_pivot", 3),
            "At pivot (paper)": data["log_x0_pivot_published"].map("{:.3f}".format),
            "Scatter": _with_error(data, "scatter_dex", 3),
            "Std": _with_error(data, "std_dex", 3),
            "Scatter (paper)": data["scatter_dex_published"].map("{:.2f}".format),
        }
    )


def _with_error(data: pd.DataFrame, name: str, digits: int) -> list[str]:
    pairs = zip(data[name], data[f"{name}_err"], strict=True)
    return [f"{value:.{digits}f} ± {error:.{digits}f}" for value, error in pairs]
