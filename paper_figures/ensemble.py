"""The ensemble: one network trained from several seeds."""

import pandas as pd

CAPTION = (
    "The same network trained from several seeds (section 3.3), with what section 5 says of each: ratios of the mean "
    "saliencies of gas mass and density slope (both at 0.681 R500) to that of temperature, the radius where that of "
    "the gas mass peaks, the median change of sigma8 when one cluster below or above 10^14.2 Msun/h is left out, and "
    "the verdict of the audit on overspecialization."
)


def make(data: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed; `data` is results/ensemble.csv."""
    pairs = zip(data["delta_sigma8"], data["delta_sigma8_err"], strict=True)
    return pd.DataFrame(
        {
            "Model": data["model"],
            "Seed": data["seed"],
            "Epoch": data["best_epoch"],
            "Delta sigma8": [f"{value:.4f} ± {error:.4f}" for value, error in pairs],
            "Bias": data["bias"].map("{:+.4f}".format),
            "M_gas / T": data["gas_over_temperature"].map("{:.2f}".format),
            "gamma / T": data["gamma_over_temperature"].map("{:.2f}".format),
            "Peak [R500]": data["peak_radius"].map("{:.2f}".format),
            "One out, low": _shift(data["one_out_low"]),
            "One out, high": _shift(data["one_out_high"]),
            "Audit": data["verdict"],
        }
    )


def _shift(values: pd.Series) -> list[str]:
    # a catalog may have no massive cluster, and then the text is empty
    return ["-" if pd.isna(value) else f"{value:+.5f}" for value in pd.to_numeric(values, errors="coerce")]
