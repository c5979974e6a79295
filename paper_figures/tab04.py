r"""Table 4: the scatter of predicted sigma8 with all and with less of the information (section 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from table_cells import with_error

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.network.inputs import FeatureSet
    from encluster.training.metrics import Scatter

TITLE = r"Scatter of predicted $\sigma_8$"
INPUTS = {
    "provenance_standard": "models/standard/provenance.json",
    "provenance_shuffled": "models/shuffled/provenance.json",
    "provenance_no_wl": "models/no_wl/provenance.json",
    "provenance_array_of_ones": "models/array_of_ones/provenance.json",
    "mocks": "mocks/mocks.h5",
    "features": "features/standard.h5",
}
CAPTION = (
    r"Scatter $\Delta\sigma_8$ of predicted $\sigma_8$ with all and with less of the information: standard deviation "
    "of predicted minus true over the test catalogs, with its bootstrap error, of this run and of the paper. Bias: "
    r"mean of predicted minus true. $N_\mathrm{cluster}$ mapping: no network; the prediction is the median $\sigma_8$ "
    "of the training catalogs in a bin of ten clusters. Its second row has only the test catalogs with 90 to 109 "
    "clusters, since the text of the paper says 'near 100'."
)
COLUMNS = {
    "case": ("", "test case"),
    "section": ("", "section of the paper"),
    "delta_sigma8": ("", r"standard deviation of predicted minus true $\sigma_8$"),
    "error": ("", "bootstrap error of the standard deviation"),
    "bias": ("", r"mean of predicted minus true $\sigma_8$"),
    "n": ("", "test catalogs"),
    "published": ("", "standard deviation in the paper"),
    "published_err": ("", "error in the paper"),
    "predicts_constant": ("", "whether the network predicts a constant; empty where no network predicts"),
}
CASES = {  # name and section
    "standard": ("Standard", "4.1"),
    "shuffled": ("Shuffled", "4.2.1"),
    "no_wl": ("No WL", "5.2.1"),
    "n_cluster_mapping": (r"$N_\mathrm{cluster}$ mapping", "4.2.2"),
    "n_cluster_mapping_near_100": (r"$N_\mathrm{cluster}$ mapping, 90--109 clusters", "4.2.2"),
    "array_of_ones": ("Array of Ones", "4.2.2"),
}


def reduce(
    provenance_standard: Mapping[str, Any],
    provenance_shuffled: Mapping[str, Any],
    provenance_no_wl: Mapping[str, Any],
    provenance_array_of_ones: Mapping[str, Any],
    mocks: ClusterCatalogs,
    features: FeatureSet,
) -> pd.DataFrame:
    """Return a row per test case, over the test catalogs (decision D14).

    The mapping takes for each test catalog the median sigma8 of the training catalogs of like N_cluster. A network
    predicts a constant as `encluster.training.metrics.predicts_constant` defines it.
    """
    from encluster.paper.published import PUBLISHED
    from encluster.training.metrics import Scatter

    networks = {
        "standard": provenance_standard,
        "shuffled": provenance_shuffled,
        "no_wl": provenance_no_wl,
        "array_of_ones": provenance_array_of_ones,
    }
    scatter = {
        **{case: Scatter(**provenance["delta_sigma8"]) for case, provenance in networks.items()},
        **_mapping(mocks.n_clusters, features, provenance_standard["seed"]),
    }
    rows = [
        {
            "case": case,
            "section": section,
            "delta_sigma8": scatter[case].value,
            "error": scatter[case].error,
            "bias": scatter[case].bias,
            "n": scatter[case].n,
            "published": PUBLISHED[f"delta_sigma8_{case}"].value,
            "published_err": PUBLISHED[f"delta_sigma8_{case}"].plus,
            "predicts_constant": networks[case]["predicts_constant"] if case in networks else None,
        }
        for case, (_, section) in CASES.items()
    ]
    return pd.DataFrame(rows)


def _mapping(number: np.ndarray, features: FeatureSet, seed: int) -> dict[str, Scatter]:
    from encluster.interpretation.counting import NEAR, n_cluster_mapping
    from encluster.network.split import TESTING, TRAINING
    from encluster.training.metrics import Scatter, delta_sigma8

    training, testing = features.indices(TRAINING), features.indices(TESTING)
    predicted = n_cluster_mapping(number, features.sigma8, training, testing)
    true = features.sigma8[testing]
    near = (number[testing] >= NEAR[0]) & (number[testing] < NEAR[1])
    enough = near.sum() > 1
    nothing = Scatter(value=np.nan, error=np.nan, bias=np.nan, n=int(near.sum()))
    return {
        "n_cluster_mapping": delta_sigma8(true, predicted, seed=seed),
        "n_cluster_mapping_near_100": delta_sigma8(true[near], predicted[near], seed=seed) if enough else nothing,
    }


def draw(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed."""
    # a missing number may come as an empty text
    numbers = table[["delta_sigma8", "error", "bias", "published", "published_err"]]
    numbers = numbers.apply(pd.to_numeric, errors="coerce")
    return pd.DataFrame(
        {
            "Test case": [CASES[case][0] for case in table["case"]],
            r"$\Delta\sigma_8$": with_error(numbers["delta_sigma8"], numbers["error"], ".4f"),
            r"$\Delta\sigma_8$ (paper)": with_error(numbers["published"], numbers["published_err"], ".4f"),
            "Bias": with_error(numbers["bias"], numbers["delta_sigma8"] / np.sqrt(table["n"]), "+.4f"),
            "Catalogs": table["n"].astype(str),
            "Section": table["section"].astype(str),
        }
    )
