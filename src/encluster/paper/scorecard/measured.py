"""A number of ours with its two errors: the statistical one, and the scatter over networks of different seeds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

N_SIGMA = 2.0
# Student's 97.5 % quantiles for 1 to 9 degrees of freedom, that is for 2 to 10 networks
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


@dataclass(frozen=True)
class Measured:
    """A number of ours.

    Parameters
    ----------
    value : float, optional
        The mean over the networks; NaN if not measured.
    plus, minus : float, optional
        Statistical errors, over catalogs and clusters.
    scatter : float, optional
        Standard deviation over the networks; NaN if there is none.
    networks : int, optional
        Number of networks; 0 if the number rests on none.
    """

    value: float = np.nan
    plus: float = 0.0
    minus: float = 0.0
    scatter: float = np.nan
    networks: int = 0

    @property
    def scatters(self) -> bool:
        """Whether the number has a scatter over networks."""
        return self.networks > 1 and bool(np.isfinite(self.scatter))

    @property
    def total(self) -> tuple[float, float]:
        """Upper and lower error, of which two contain the number of one more network with a probability of 95 %.

        The paper has one network. With more than ten networks of ours, the factor is that of ten; without a scatter,
        these are the statistical errors.
        """
        if not self.scatters:
            return self.plus, self.minus
        student = _STUDENT[min(self.networks, len(_STUDENT) + 1) - 2]
        seeds = student * self.scatter * np.sqrt(1 + 1 / self.networks) / N_SIGMA
        return float(np.hypot(self.plus, seeds)), float(np.hypot(self.minus, seeds))


def measured_numbers(numbers: pd.DataFrame) -> dict[str, Measured]:
    """Return the numbers of a run that are finite.

    Parameters
    ----------
    numbers : pd.DataFrame
        A row per number: ``name``, ``value``, ``plus``, ``minus``, ``scatter``, ``networks``.

    Returns
    -------
    dict of str to Measured
        The numbers by name.
    """
    columns = numbers[["name", "value", "plus", "minus", "scatter", "networks"]].itertuples(index=False)
    return {
        str(name): Measured(float(value), float(plus), float(minus), float(scatter), int(networks))
        for name, value, plus, minus, scatter, networks in columns
        if np.isfinite(value)
    }
