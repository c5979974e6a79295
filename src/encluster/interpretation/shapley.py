"""Shapley values of the clusters of a catalog for its predicted sigma8, from sampled permutations.

A permutation adds the clusters of a catalog one after another. A cluster's term is the change of the predicted sigma8
when it is added, and its Shapley value is the mean of its terms over all permutations (Shapley 1953; sampled as by
Strumbelj & Kononenko 2014). The clusters that are there keep their order of luminosity, because the CNN reads them in
that order. In each permutation the terms add up to the prediction for the whole catalog less the prediction without a
cluster, and so do the Shapley values.

Leaving one out is the last term: in a permutation in which the cluster comes last, its term is the prediction for the
whole catalog less `encluster.interpretation.leave_one_out.leave_one_out`. The Shapley value also has the terms of the
cluster in smaller catalogs, where no similar cluster can stand in for it.

The prediction without a cluster is the mean sigma8 of the training set, the best one without a catalog. A network has
seen no catalog below some number of clusters. Permutations therefore begin with that number at once, and these first
clusters share the change from the mean equally. With a first number of 1 the values are Shapley's exactly.
"""

from dataclasses import dataclass

import keras
import numpy as np

from encluster.network.batches import FixedBatches
from encluster.network.compiled import compiled
from encluster.network.feature_set import FeatureSet
from encluster.network.model import levels_of, scatter_predictions, terse_values
from encluster.network.split import TRAINING
from encluster.types import FloatArray, IntArray

N_PERMUTATIONS = 256
_BATCH = 128  # parts of a catalog per call


@dataclass(frozen=True, kw_only=True, eq=False)
class Shapley:
    """Shapley values of the clusters of one catalog.

    Parameters
    ----------
    values : FloatArray
        (n,) Shapley value of each cluster, in units of sigma8; they add up to `whole` - `nothing`.
    errors : FloatArray
        (n,) their standard errors from the scatter over pairs of permutations.
    nothing, whole : float
        Predicted sigma8 without a cluster and for the whole catalog.
    first : int
        Number of clusters with which each permutation begins.
    """

    values: FloatArray
    errors: FloatArray
    nothing: float
    whole: float
    first: int


def shapley_values(
    model: keras.Model,
    features: FeatureSet,
    catalog: int,
    *,
    rng: np.random.Generator,
    n_permutations: int = N_PERMUTATIONS,
    first: int | None = None,
) -> Shapley:
    """Return the Shapley values of the clusters of a catalog for its predicted sigma8.

    Permutations come in pairs, the second in the reverse order of the first, which lowers the error.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`.
    features : FeatureSet
        Inputs, scaling and split.
    catalog : int
        Index of the catalog.
    rng : numpy.random.Generator
        Source of the permutations.
    n_permutations : int, optional
        Number of permutations, even and at least 4.
    first : int, optional
        Number of clusters with which a permutation begins; by default that of the smallest catalog of the training
        set, or of the whole catalog if it is smaller still.

    Returns
    -------
    Shapley
        Values and errors in the order of the clusters.

    Raises
    ------
    ValueError
        If the number of permutations is odd or below 4, or the catalog has no clusters.
    """
    if n_permutations < 4 or n_permutations % 2:
        raise ValueError(f"shapley: {n_permutations} permutations, expected an even number of at least 4")
    training, n = features.indices(TRAINING), int(features.n_clusters[catalog])
    first = min(n, int(features.n_clusters[training].min()) if first is None else first)
    nothing = float(features.sigma8[training].mean())
    orders = np.stack([rng.permutation(n) for _ in range(n_permutations // 2)])
    pairs = np.concatenate([orders, orders[:, ::-1]])
    terms = terms_of_permutations(model, features, catalog, pairs, nothing=nothing, first=first)
    of_pairs = terms.reshape(2, -1, n).mean(axis=0)
    return Shapley(
        values=of_pairs.mean(axis=0),
        errors=of_pairs.std(axis=0, ddof=1) / np.sqrt(len(of_pairs)),
        nothing=nothing,
        whole=nothing + float(terms[0].sum()),
        first=first,
    )


def terms_of_permutations(
    model: keras.Model, features: FeatureSet, catalog: int, orders: IntArray, *, nothing: float, first: int
) -> FloatArray:
    """Return the change of the predicted sigma8 when each cluster is added, in each permutation.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`.
    features : FeatureSet
        Inputs and scaling.
    catalog : int
        Index of a catalog of n clusters.
    orders : IntArray
        (p, n) permutations of the numbers 0 to n - 1 of its clusters.
    nothing : float
        sigma8 predicted without a cluster.
    first : int
        Number of clusters that are added at once at the begin and share the change from `nothing`; 1 to n.

    Returns
    -------
    FloatArray
        (p, n) terms in the order of the clusters; each row adds up to the prediction for the catalog less `nothing`.
    """
    turn = np.argsort(orders, axis=1)  # when each cluster is added
    sizes = np.arange(first, orders.shape[1] + 1)
    there = turn[:, None, :] < sizes[:, None]
    rows = features.rows([catalog])[there.nonzero()[2]]
    sigma8 = _predict(model, features, rows, there.sum(axis=2).ravel()).reshape(len(orders), -1)
    shared = np.repeat((sigma8[:, :1] - nothing) / first, first, axis=1)
    terms = np.concatenate([shared, np.diff(sigma8, axis=1)], axis=1)
    return np.take_along_axis(terms, turn, axis=1)


def _predict(model: keras.Model, features: FeatureSet, rows: IntArray, n: IntArray) -> FloatArray:
    """Return the predicted sigma8 of catalogs of n clusters each, which share rows; each row is encoded once."""
    used, place = np.unique(rows, return_inverse=True)
    terse, supplementary = terse_values(model, features.matrix[used])[:, None], features.supplementary[used]
    catalogs = np.arange(len(n))
    batches = FixedBatches(np.concatenate([[0], np.cumsum(n)]), catalogs, _BATCH, levels_of(model))
    read = compiled(model.get_layer("aggregator"))
    outputs = (
        read([terse[place[batch.rows]], supplementary[place[batch.rows]], batch.slots, batch.top]) for batch in batches
    )
    return np.asarray(features.to_sigma8(scatter_predictions(batches, outputs, catalogs).astype(float)))
