"""Every number that a text about a run would quote, for numbers.tex and the scorecard."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from encluster.paper import measured_claims, measured_explanations, measured_inputs, measured_networks
from encluster.paper.measured_inputs import Number


def measured_numbers(
    *,
    settings: Any,
    scaling: Any,
    profiles: Any,
    mocks: Any,
    tables: Mapping[str, pd.DataFrame],
    provenance: Mapping[str, Mapping[str, Any]],
    history: Mapping[str, Mapping[str, pd.DataFrame]],
    predictions: Mapping[str, Mapping[str, pd.DataFrame]],
    interpretation: Mapping[str, Mapping[str, Any]],
    audit: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Return one row per number.

    Parameters
    ----------
    settings : object
        The sections of the configuration as attributes.
    scaling : ScalingRelations
        Of the simulated clusters.
    profiles : Mapping of str to ndarray
        The fitted profiles.
    mocks : ClusterCatalogs
        The standard mock catalogs.
    tables : Mapping of str to pd.DataFrame
        By the name of the figure or table.
    provenance, history, predictions, interpretation, audit : Mapping
        For rows of the configuration's `models`, the results of their networks: name of the network -> result. The
        networks of a row differ by their seeds.

    Returns
    -------
    pd.DataFrame
        The fields of `encluster.paper.measured_inputs.Number` as columns. A ratio to zero is NaN.

    Raises
    ------
    KeyError
        If an input is missing.
    """
    standard, no_wl, prescriptive = (interpretation[name] for name in ("standard", "no_wl", "prescriptive"))
    specs = [next(iter(provenance[name].values())) for name in ("standard", "prescriptive")]
    rows: list[Number] = []
    # the saliencies of an encoder without signal are zero, and their ratios NaN
    with np.errstate(divide="ignore", invalid="ignore"):
        rows += measured_inputs.inputs(settings, scaling, *specs)
        rows += measured_inputs.gas_masses(profiles)
        rows += measured_inputs.relations(tables["tab02"], scaling)
        rows += measured_inputs.catalogs(mocks)
        rows += measured_inputs.layers(tables["tab03"])
        rows += measured_inputs.self_calibration(tables["fig14"], tables["fig18"])
        rows += measured_inputs.mapping(tables["tab04"])
        rows += measured_inputs.unseen(tables["tab04"])
        rows += measured_claims.surveys(mocks, profiles, settings, scaling)
        rows += measured_claims.counts(mocks)
        rows += measured_claims.maps(tables["fig14"], tables["fig18"])
        first = next(iter(standard.values()))
        rows += measured_networks.of_all_networks(first)
        rows += measured_networks.observable_proxies(first)
        limit = measured_claims.poisson_limit(mocks, settings, scaling)
        rows += limit
        for name, networks in provenance.items():
            rows += over_networks(measured_networks.scatter_of(name), networks, predictions[name])
        rows += over_networks(measured_networks.training, provenance["standard"])
        rows += over_networks(partial(measured_claims.over_limit, limit), provenance["standard"])
        rows += over_networks(measured_networks.improvement, provenance["standard"], provenance["prescriptive"])
        rows += over_networks(measured_claims.training_curve, history["standard"], provenance["standard"])
        rows += over_networks(measured_claims.prescriptive_curve, history["prescriptive"])
        rows += over_networks(measured_networks.biases, predictions["standard"])
        rows += over_networks(measured_claims.prescriptive_bias, predictions["prescriptive"])
        rows += over_networks(partial(measured_claims.error_with_scatter, mocks), predictions["standard"])
        for name in ("shuffled", "no_wl"):
            rows += over_networks(measured_claims.over_standard(name), predictions[name], predictions["standard"])
        for name in ("standard", "no_wl", "array_of_ones"):
            rows += over_networks(measured_claims.over_simple(name, tables["tab04"], tables["fig14"]), provenance[name])
        rows += over_networks(measured_networks.leave_one_out, standard, no_wl)
        rows += over_networks(measured_explanations.removals, standard, no_wl)
        rows += over_networks(measured_networks.saliencies, standard)
        rows += over_networks(measured_networks.saliencies_no_wl, no_wl)
        rows += over_networks(measured_explanations.looks, standard, no_wl)
        rows += over_networks(partial(measured_networks.stripes, mocks), standard)
        rows += over_networks(measured_networks.lensing, standard)
        rows += over_networks(measured_explanations.terse_values, standard)
        rows += over_networks(measured_explanations.terse_values_prescriptive, prescriptive)
        rows += over_networks(measured_networks.terse_proxy, standard)
        for name, networks in audit.items():
            rows += over_networks(measured_networks.audits_of(name), networks)
    return pd.DataFrame([asdict(row) for row in rows])


def over_networks(measure: Callable[..., Iterable[Number]], *results: Mapping[str, Any]) -> Iterator[Number]:
    """Return the numbers of several networks of different seeds as their means and standard deviations.

    Parameters
    ----------
    measure : callable
        Function of the result of one network, or of one network of each of several rows; it returns `Number` objects.
    *results : Mapping
        For each row, name of the network -> its result; the k-th networks of the rows are taken together, as many as
        each row has.

    Yields
    ------
    Number
        With mean errors. A number that some of the networks do not have rests on the others.
    """
    found: dict[str, list[Number]] = {}
    for together in zip(*(networks.values() for networks in results), strict=False):
        for number in measure(*together):
            found.setdefault(number.name, []).append(number)
    for numbers in found.values():
        yield _combined(numbers)


def _combined(numbers: Sequence[Number]) -> Number:
    value, plus, minus = (np.array([getattr(number, key) for number in numbers]) for key in ("value", "plus", "minus"))
    return replace(
        numbers[0],
        value=float(value.mean()),
        plus=float(plus.mean()),
        minus=float(minus.mean()),
        scatter=float(value.std(ddof=1)) if len(numbers) > 1 else np.nan,
        networks=len(numbers),
    )
