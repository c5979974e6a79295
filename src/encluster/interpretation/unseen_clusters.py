"""Errors of sigma8 on mock catalogs from simulated clusters that the training has not used.

The mock catalogs of the paper's training and testing sets share their simulated clusters. A simulation of about a
thousand clusters has relations and residuals that differ by chance from those of another realization. A network learns
these differences, too, and is biased on catalogs from another realization.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from encluster.types import FloatArray


@dataclass(frozen=True, kw_only=True)
class UnseenErrors:
    """Errors of predicted sigma8 over several realizations of the simulation, and over networks of different seeds.

    Parameters
    ----------
    delta_sigma8, bias : float
        Standard deviation and mean of predicted minus true over the catalogs of a realization: mean over realizations
        and networks.
    delta_sigma8_spread, bias_spread : float
        Standard deviation over the realizations, of means over the networks; NaN for one realization.
    delta_sigma8_scatter, bias_scatter : float
        Standard deviation over the networks, of means over the realizations; NaN for one network.
    share : float
        Share of the mean square of the bias that comes from the finite simulation: what remains after the noise of a
        finite number of catalogs, and the square of the bias on the network's own testing set.
    realizations, networks : int
        Their numbers.
    """

    delta_sigma8: float
    delta_sigma8_spread: float
    delta_sigma8_scatter: float
    bias: float
    bias_spread: float
    bias_scatter: float
    share: float
    realizations: int
    networks: int


def unseen_errors(errors: Mapping[str, Mapping[str, FloatArray]], own: Mapping[str, FloatArray]) -> UnseenErrors:
    """Return the errors of one model on clusters that its training has not used.

    Parameters
    ----------
    errors : Mapping of str to Mapping of str to FloatArray
        Realization -> network -> (n_catalogs,) predicted minus true sigma8; the same networks in all realizations.
    own : Mapping of str to FloatArray
        For the same networks, the same of their own testing sets.

    Returns
    -------
    UnseenErrors
        Means, and standard deviations over realizations and networks.
    """
    table = [[each[network] for network in own] for each in errors.values()]
    width, bias = (np.array([[f(x) for x in row] for row in table]) for f in (lambda x: np.std(x, ddof=1), np.mean))
    noise = np.mean([[np.var(x, ddof=1) / len(x) for x in row] for row in table])
    noise_own = np.mean([np.var(x, ddof=1) / len(x) for x in own.values()])
    square_own = max(np.mean([np.mean(x) ** 2 for x in own.values()]) - noise_own, 0.0)
    square = np.mean(bias**2)
    return UnseenErrors(
        delta_sigma8=float(width.mean()),
        delta_sigma8_spread=_deviation(width.mean(axis=1)),
        delta_sigma8_scatter=_deviation(width.mean(axis=0)),
        bias=float(bias.mean()),
        bias_spread=_deviation(bias.mean(axis=1)),
        bias_scatter=_deviation(bias.mean(axis=0)),
        share=float(np.clip((square - noise - square_own) / square, 0, 1)) if square > 0 else np.nan,
        realizations=len(table),
        networks=len(own),
    )


def errors_of(predictions: pd.DataFrame) -> dict[str, FloatArray]:
    """Return predicted minus true sigma8 of each network in a table of predictions.

    Parameters
    ----------
    predictions : pd.DataFrame
        ``network``, ``sigma8_true`` and ``sigma8_predicted``, a row per network and catalog.

    Returns
    -------
    dict of str to FloatArray
        (n_catalogs,) errors by the name of the network.
    """
    error = predictions["sigma8_predicted"] - predictions["sigma8_true"]
    return {str(name): part.to_numpy() for name, part in error.groupby(predictions["network"], sort=False)}


def _deviation(values: FloatArray) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else np.nan
