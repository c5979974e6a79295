"""Every number that a text about a run would quote, behind numbers.tex and the scorecard."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from encluster.paper import measured_inputs, measured_networks
from encluster.paper.measured_inputs import SETTINGS, Number

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
__all__ = ["SETTINGS", "reduce"]
# the results and the configuration that they read, by the names of their parameters
INPUTS = tuple(sorted({name for measure in MEASURES for name in inspect.signature(measure).parameters}))


def reduce(**inputs: Any) -> pd.DataFrame:
    """Return one row per number.

    Parameters
    ----------
    inputs : those that `INPUTS` names; a number whose inputs are not all there is left out

    Returns
    -------
    DataFrame : columns ``name``, ``value``, ``plus``, ``minus``, ``unit``, ``meaning``, ``figure`` (or table)

    Raises
    ------
    ValueError : an input of another name
    """
    unknown = sorted(set(inputs) - set(INPUTS))
    if unknown:
        raise ValueError(f"numbers: input {unknown[0]!r} is not known; there are {', '.join(INPUTS)}")
    rows: list[Number] = []
    # a ratio to nothing, as of an encoder that has died, is NaN: not measured
    with np.errstate(divide="ignore", invalid="ignore"):
        for measure in MEASURES:
            asked = list(inspect.signature(measure).parameters)
            if all(name in inputs for name in asked):
                rows += measure(**{name: inputs[name] for name in asked})
    return pd.DataFrame([asdict(row) for row in rows])
