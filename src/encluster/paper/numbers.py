"""Every number that a text about a run would quote, for numbers.tex and the scorecard."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from encluster.paper import measured_inputs, measured_networks
from encluster.paper.measured_inputs import Number

MEASURES: tuple[Callable[..., Iterator[Number]], ...] = (
    measured_inputs.inputs,
    measured_inputs.gas_masses,
    measured_inputs.relations,
    measured_inputs.catalogs,
    measured_networks.layers,
    measured_networks.training,
    measured_networks.scatters,
    measured_networks.leave_one_out,
    measured_networks.saliencies,
    measured_inputs.self_calibration,
    measured_networks.stripes,
    measured_networks.correlations,
    measured_networks.proxies,
    measured_networks.audits,
    measured_networks.prescriptive,
)


def reduce(**inputs: Any) -> pd.DataFrame:
    """Return one row per number.

    Parameters
    ----------
    **inputs : Any
        Results of the stages, tables of figures, and the settings, by the names of the parameters of `MEASURES`.

    Returns
    -------
    pd.DataFrame
        Columns ``name``, ``value``, ``plus`` and ``minus`` (upper and lower error), ``unit``, ``meaning``, ``figure``
        (or table). A ratio to zero is NaN.

    Raises
    ------
    KeyError
        If an input is missing.
    """
    rows: list[Number] = []
    # the saliencies of an encoder without signal are zero, and their ratios NaN
    with np.errstate(divide="ignore", invalid="ignore"):
        for measure in MEASURES:
            rows += measure(**{name: inputs[name] for name in inspect.signature(measure).parameters})
    return pd.DataFrame([asdict(row) for row in rows])
