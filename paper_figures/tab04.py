r"""Table 4: the scatter of predicted sigma8 with all and with less of the information (section 4.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from table_cells import with_error

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.network.feature_set import FeatureSet
    from encluster.types import FloatArray

TITLE = r"Scatter of predicted $\sigma_8$"
INPUTS = {
    "standard": "models/{standard}/predictions.csv",
    "shuffled": "models/{shuffled}/predictions.csv",
    "no_wl": "models/{no_wl}/predictions.csv",
    "array_of_ones": "models/{array_of_ones}/predictions.csv",
    "prescriptive": "models/{prescriptive}/predictions.csv",
    "unseen": "{unseen}.csv",
    "mocks": "mocks/mocks.h5",
    "features": "features/standard.h5",
}
CAPTION = (
    r"Scatter $\Delta\sigma_8$ of predicted $\sigma_8$ with all and with less of the information: standard deviation "
    "of predicted minus true over the test catalogs, of this run and of the paper. Bias: mean of predicted minus true. "
    "The errors are the bootstrap error over the catalogs and the scatter over networks of different seeds in "
    "quadrature, and without the latter where there is one network. Unseen: the same for mock catalogs from simulated "
    "clusters that the training has not used, mean over several realizations of the simulation with the standard "
    r"deviation over the realizations. $N_\mathrm{cluster}$ mapping: no network; the prediction is the median "
    r"$\sigma_8$ of the training catalogs in a bin of ten clusters. Its second row has only the test catalogs with 90 "
    "to 109 clusters, since the text of the paper says 'near 100'."
)
COLUMNS = {
    "case": ("", "test case"),
    "section": ("", "section of the paper"),
    "delta_sigma8": ("", r"standard deviation of predicted minus true $\sigma_8$, mean over the networks"),
    "error": ("", "bootstrap error of the standard deviation over the catalogs"),
    "scatter": ("", "standard deviation of delta_sigma8 over the networks; empty for fewer than two"),
    "bias": ("", r"mean of predicted minus true $\sigma_8$, mean over the networks"),
    "bias_scatter": ("", "standard deviation of the bias over the networks; empty for fewer than two"),
    "n": ("", "test catalogs"),
    "networks": ("", "networks of different seeds; 0: no network"),
    "published": ("", "standard deviation in the paper"),
    "published_err": ("", "error in the paper"),
    "realizations": ("", "simulations with clusters that the training has not used"),
    "unseen_delta_sigma8": ("", "delta_sigma8 on those clusters, mean over realizations and networks"),
    "unseen_delta_sigma8_spread": ("", "its standard deviation over the realizations"),
    "unseen_delta_sigma8_scatter": ("", "its standard deviation over the networks"),
    "unseen_bias": ("", "bias on those clusters, mean over realizations and networks"),
    "unseen_bias_spread": ("", "its standard deviation over the realizations"),
    "unseen_bias_scatter": ("", "its standard deviation over the networks"),
    "unseen_share": ("", "share of the mean square of that bias that comes from the finite simulation"),
}
CASES = {  # name and section
    "standard": ("Standard", "4.1"),
    "shuffled": ("Shuffled", "4.2.1"),
    "no_wl": ("No WL", "5.2.1"),
    "n_cluster_mapping": (r"$N_\mathrm{cluster}$ mapping", "4.2.2"),
    "n_cluster_mapping_near_100": (r"$N_\mathrm{cluster}$ mapping, 90--109 clusters", "4.2.2"),
    "array_of_ones": ("Array of Ones", "4.2.2"),
    "prescriptive": ("Prescriptive", "B"),
}
OWN = "own"  # the test catalogs of the run
NETWORKS = ("standard", "shuffled", "no_wl", "array_of_ones", "prescriptive")


def reduce(
    unseen: Mapping[str, pd.DataFrame], mocks: ClusterCatalogs, features: FeatureSet, **networks: Any
) -> pd.DataFrame:
    """Return a row per test case, over the test catalogs (decision D14).

    The mapping takes for each test catalog the median sigma8 of the training catalogs of like N_cluster.
    """
    from encluster.paper.published import PUBLISHED

    found = {name: _of_networks(networks[name], unseen) for name in NETWORKS}
    found |= dict(_mapping(mocks.n_clusters, features, unseen))
    rows = []
    for case, (_, section) in CASES.items():
        paper = PUBLISHED[f"delta_sigma8_{case}"]
        rows.append(
            {
                "case": case,
                "section": section,
                "published": paper.value,
                "published_err": paper.plus or np.nan,
                **found[case],
            }
        )
    return pd.DataFrame(rows).reindex(columns=list(COLUMNS))


def _of_networks(predictions: Mapping[str, pd.DataFrame], unseen: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    from encluster.interpretation.unseen_clusters import errors_of, unseen_errors

    testing = [table[table["split"] == "testing"].assign(network=network) for network, table in predictions.items()]
    own = errors_of(pd.concat(testing))
    realizations: dict[str, dict[str, FloatArray]] = {}
    for place, table in unseen.items():
        # of a list, the network of half of the clusters stands for that of all clusters
        full = table.assign(network=table["network"].str.replace(r"_half_\d+$", "", regex=True))
        errors = errors_of(full[full["network"].isin(own)])
        if errors:
            realizations[place] = errors
    used = {network: own[network] for network in next(iter(realizations.values()), {})}
    return _statistics(own) | _unseen(unseen_errors(realizations, used) if used else None)


def _mapping(
    number: np.ndarray, features: FeatureSet, unseen: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, dict[str, Any]]]:
    from encluster.interpretation.counting import NEAR, n_cluster_mapping
    from encluster.interpretation.unseen_clusters import unseen_errors
    from encluster.network.split import TESTING, TRAINING

    training, testing = features.indices(TRAINING), features.indices(TESTING)
    catalogs = {OWN: (number[testing], features.sigma8[testing])}
    for place, table in unseen.items():
        first = table[table["network"] == table["network"].iloc[0]]  # the catalogs are the same for all networks
        if first["variant"].iloc[0] != "prescriptive":
            catalogs[place] = first["n_clusters"].to_numpy(), first["sigma8_true"].to_numpy()
    # the training catalogs, followed by those to predict
    predicted = {
        place: n_cluster_mapping(
            np.concatenate([number[training], n_clusters]),
            np.concatenate([features.sigma8[training], sigma8]),
            np.arange(len(training)),
            len(training) + np.arange(len(n_clusters)),
        )
        for place, (n_clusters, sigma8) in catalogs.items()
    }
    for case, (low, high) in {"n_cluster_mapping": (0, np.inf), "n_cluster_mapping_near_100": NEAR}.items():
        errors = {
            place: {"": (predicted[place] - sigma8)[(n_clusters >= low) & (n_clusters < high)]}
            for place, (n_clusters, sigma8) in catalogs.items()
        }
        own = errors.pop(OWN)
        enough = errors and all(len(each[""]) > 1 for each in (own, *errors.values()))
        yield case, _statistics(own, networks=0) | _unseen(unseen_errors(errors, own) if enough else None)


def _statistics(errors: Mapping[str, FloatArray], networks: int | None = None) -> dict[str, Any]:
    """Return means over networks of scatter and bias, from (n,) errors of each network."""
    from encluster.training.metrics import delta_sigma8

    n = len(next(iter(errors.values())))
    if n < 2:
        return {"delta_sigma8": np.nan, "error": np.nan, "scatter": np.nan, "bias": np.nan, "n": n, "networks": 0}
    found = [delta_sigma8(np.zeros(len(each)), each, seed=0) for each in errors.values()]
    width, bias = np.array([x.value for x in found]), np.array([x.bias for x in found])
    several = len(found) > 1
    return {
        "delta_sigma8": width.mean(),
        "error": np.mean([x.error for x in found]),
        "scatter": width.std(ddof=1) if several else np.nan,
        "bias": bias.mean(),
        "bias_scatter": bias.std(ddof=1) if several else np.nan,
        "n": n,
        "networks": len(found) if networks is None else networks,
    }


def _unseen(found: Any) -> dict[str, Any]:
    if found is None:
        return {"realizations": 0}
    numbers = asdict(found)
    numbers.pop("networks")
    realizations = numbers.pop("realizations")
    return {"realizations": realizations} | {f"unseen_{name}": value for name, value in numbers.items()}


def draw(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed."""
    # a missing number may come as an empty text
    numbers = table[[name for name in table if name not in ("case", "section", "source", "photons")]]
    numbers = numbers.apply(pd.to_numeric, errors="coerce")
    over_catalogs = numbers["delta_sigma8"] / np.sqrt(numbers["n"])
    return pd.DataFrame(
        {
            "Test case": [CASES[case][0] for case in table["case"]],
            r"$\Delta\sigma_8$": with_error(
                numbers["delta_sigma8"], np.hypot(numbers["error"], numbers["scatter"].fillna(0)), ".4f"
            ),
            r"$\Delta\sigma_8$ (paper)": with_error(numbers["published"], numbers["published_err"], ".4f"),
            "Bias": with_error(numbers["bias"], np.hypot(over_catalogs, numbers["bias_scatter"].fillna(0)), "+.4f"),
            r"Unseen $\Delta\sigma_8$": with_error(
                numbers["unseen_delta_sigma8"], numbers["unseen_delta_sigma8_spread"], ".4f"
            ),
            "Unseen bias": with_error(numbers["unseen_bias"], numbers["unseen_bias_spread"], "+.4f"),
            "Networks": table["networks"].astype(str),
            "Section": table["section"].astype(str),
        }
    )
