"""Numbers of Table 4: the scatter of predicted sigma8 with all, and with less, of the information (section 4.2)."""

from typing import Any

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.counting import NEAR, n_cluster_mapping
from encluster.network.inputs import TESTING, TRAINING, FeatureSet
from encluster.paper.published import PUBLISHED
from encluster.training.metrics import Scatter, delta_sigma8

SECTIONS = {
    "standard": "4.1",
    "shuffled": "4.2.1",
    "no_wl": "5.2.1",
    "n_cluster_mapping": "4.2.2",
    "n_cluster_mapping_near_100": "4.2.2",
    "array_of_ones": "4.2.2",
}


def reduce(
    provenance_standard: dict[str, Any],
    provenance_shuffled: dict[str, Any],
    provenance_no_wl: dict[str, Any],
    provenance_array_of_ones: dict[str, Any],
    mocks: ClusterCatalogs,
    features: FeatureSet,
) -> pd.DataFrame:
    """Return a row per test case, over the testing catalogs (decision D14).

    The mapping takes for each testing catalog the median sigma8 of the training catalogs of like N_cluster.

    Columns: ``case``, ``section`` of the paper, ``delta_sigma8`` (standard deviation of predicted minus true) and its
    bootstrap ``error``, ``bias`` (mean of predicted minus true), ``n`` catalogs, ``published``, ``published_err``,
    ``predicts_constant`` (as `encluster.training.metrics.predicts_constant` has it; empty where no network predicts).
    """
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
            "section": SECTIONS[case],
            "delta_sigma8": found.value,
            "error": found.error,
            "bias": found.bias,
            "n": found.n,
            "published": PUBLISHED[f"delta_sigma8_{case}"].value,
            "published_err": PUBLISHED[f"delta_sigma8_{case}"].plus,
            "predicts_constant": networks[case]["predicts_constant"] if case in networks else None,
        }
        for case, found in ((case, scatter[case]) for case in SECTIONS)
    ]
    return pd.DataFrame(rows)


def _mapping(number: np.ndarray, features: FeatureSet, seed: int) -> dict[str, Scatter]:
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
