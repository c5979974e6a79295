"""Do explanations depend on what a network has learned? (Adebayo et al. 2018, "Sanity checks for saliency maps").

The weights of one layer after another are drawn anew, and the explanations of the changed network are compared with
those of the trained one by rank correlation: over the pixels of each cluster for saliency and integrated gradients,
over the clusters of each catalog for leave one out. An explanation that stays the same shows the data or the
architecture and not what was learned. The same comparison with a network that was trained on permuted labels tests
whether it shows the relation of data and labels. With networks from other seeds it gives the similarity of equally good
networks. Maps depend on the encoder only, leave one out on all layers.

The terse value has no sign: another network may have it reversed. Signed maps of two networks are therefore compared
after a change of sign where their terse values are anticorrelated.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from encluster.interpretation.integrated_gradients import integrated_gradients
from encluster.interpretation.leave_one_out import leave_one_out
from encluster.interpretation.saliency import saliency
from encluster.network.feature_set import FeatureSet
from encluster.network.model import predict, terse_values
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

SALIENCY, GRADIENTS, ONE_OUT = "saliency", "integrated gradients", "leave one out"  # methods
CASCADE, ALONE = "all layers from the output", "one layer"  # what has new weights
N_DRAWS = 5
Explanations = Mapping[str, FloatArray]


@dataclass(frozen=True, kw_only=True)
class Similarity:
    """Similarity of the explanations of a changed network to those of the trained one.

    Parameters
    ----------
    method : str
        "saliency", "integrated gradients" or "leave one out".
    change : str
        `CASCADE`: the layer and all between it and the output have new weights; `ALONE`: the layer alone has; or
        another network, as the caller names it.
    layer : str
        Name of the layer; empty for another network.
    values : str
        "absolute" or "signed" values of the explanations.
    similarity : float
        Mean rank correlation over clusters or catalogs, and over draws or networks; 1 for the same explanations.
    error : float
        Standard error of the mean over draws or networks; NaN for one.
    n : int
        Number of draws or networks.
    """

    method: str
    change: str
    layer: str
    values: str
    similarity: float
    error: float
    n: int


def weight_randomization(
    model: keras.Model,
    features: FeatureSet,
    catalogs: IntArray,
    baseline: FloatArray,
    *,
    seed: int,
    n_draws: int = N_DRAWS,
) -> list[Similarity]:
    """Return the similarity of explanations after layers have new random weights.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`; it has its own weights again afterwards.
    features : FeatureSet
        Inputs and scaling.
    catalogs : IntArray
        (m,) indices of the catalogs to explain.
    baseline : FloatArray
        (w,) baseline of the integrated gradients.
    seed : int
        Seed of the random weights.
    n_draws : int, optional
        Number of draws of the weights.

    Returns
    -------
    list of Similarity
        For each draw the same layers, from the output to the input. Maps depend on the encoder only, and have no rows
        for other layers.
    """
    names = layers_from_output(model)
    in_encoder = {layer.name for layer in model.get_layer("encoder").layers}
    original = explanations(model, features, catalogs, baseline)
    found = []
    for k, name in enumerate(names):
        for change, changed in ((CASCADE, names[: k + 1]), (ALONE, names[k : k + 1])):
            draws = []
            for draw in range(n_draws):
                with new_weights(model, changed, seed=seed, draw=draw):
                    other = explanations(model, features, catalogs, baseline, maps=name in in_encoder)
                draws.append(similarities(original, other, features.n_clusters[catalogs]))
            found += _over_draws(draws, change, name)
    return found


def other_networks(
    model: keras.Model,
    others: Sequence[keras.Model],
    features: FeatureSet,
    catalogs: IntArray,
    baseline: FloatArray,
    *,
    change: str,
) -> list[Similarity]:
    """Return the similarity of the explanations of other networks to those of one network.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`.
    others : sequence of keras.Model
        Networks that read the same inputs, at least one.
    features, catalogs, baseline
        As in `weight_randomization`.
    change : str
        Difference of the other networks, for example "permuted labels".

    Returns
    -------
    list of Similarity
        Means over the networks.
    """
    original = explanations(model, features, catalogs, baseline)
    found = [explanations(other, features, catalogs, baseline) for other in others]
    return _over_draws([similarities(original, other, features.n_clusters[catalogs]) for other in found], change, "")


def layers_from_output(model: keras.Model) -> list[str]:
    """Return the names of the layers with weights, from the output to the input.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`.

    Returns
    -------
    list of str
        Names such as ``output``, ..., ``repeated_1``.
    """
    layers = [layer for part in ("encoder", "aggregator") for layer in model.get_layer(part).layers]
    return [layer.name for layer in reversed(layers) if layer.weights]


@contextmanager
def new_weights(model: keras.Model, names: Sequence[str], *, seed: int, draw: int) -> Iterator[None]:
    """Give layers new weights for the time of a ``with`` block, drawn as before a training (Glorot uniform, biases 0).

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`.
    names : sequence of str
        Names of layers; see `layers_from_output`.
    seed, draw : int
        Seed, and number of the draw. A layer has the same new weights whatever the other layers.
    """
    layers = [layer for part in ("encoder", "aggregator") for layer in model.get_layer(part).layers]
    chosen = [(k, layer, layer.get_weights()) for k, layer in enumerate(layers) if layer.name in names]
    try:
        for k, layer, trained in chosen:
            rng = generator(seed, "randomized weights", draw, k)
            layer.set_weights([_initial(weight.shape, rng) for weight in trained])
        yield
    finally:
        for _, layer, trained in chosen:
            layer.set_weights(trained)


def explanations(
    model: keras.Model, features: FeatureSet, catalogs: IntArray, baseline: FloatArray, *, maps: bool = True
) -> dict[str, FloatArray]:
    """Return what a network's explanations of some catalogs are.

    Parameters
    ----------
    model, features, catalogs, baseline
        As in `weight_randomization`.
    maps : bool, optional
        Whether the maps are wanted; leave one out always is.

    Returns
    -------
    dict of str to FloatArray
        `ONE_OUT`: changes of sigma8 without each cluster (n,); `SALIENCY` and `GRADIENTS`: signed maps (n, w); with
        them ``terse`` (n,), whose direction fixes their sign.
    """
    whole = predict(model, features, catalogs)
    change = leave_one_out(model, features, catalogs) - np.repeat(whole, features.n_clusters[catalogs])
    if not maps:
        return {ONE_OUT: change}
    matrix = features.matrix[features.rows(catalogs)]
    return {
        ONE_OUT: change,
        SALIENCY: saliency(model, matrix),
        GRADIENTS: integrated_gradients(model, matrix, baseline).values,
        "terse": terse_values(model, matrix),
    }


def similarities(one: Explanations, other: Explanations, n_clusters: IntArray) -> dict[tuple[str, str], float]:
    """Return the mean rank correlation of two networks' explanations, by method and by "absolute" or "signed".

    Parameters
    ----------
    one, other : Mapping of str to FloatArray
        Results of `explanations`; the second may lack the maps.
    n_clusters : IntArray
        (m,) number of clusters of each catalog.

    Returns
    -------
    dict of (str, str) to float
        Values of -1 to 1.
    """
    found = {}
    catalog = np.repeat(np.arange(len(n_clusters)), n_clusters)
    for method in (SALIENCY, GRADIENTS, ONE_OUT):
        if method not in other:
            continue
        x, y, group, sign = one[method], other[method], catalog, 1.0
        if method != ONE_OUT:
            group = np.repeat(np.arange(len(x)), x.shape[1])
            direction = rank_correlation(one["terse"], other["terse"], np.zeros(len(x), int))
            sign = -1.0 if direction < 0 else 1.0
        x, y = x.ravel(), sign * y.ravel()
        there = np.isfinite(x) & np.isfinite(y)  # no cluster is left of a catalog of one
        x, y, group = x[there], y[there], group[there]
        found[method, "absolute"] = rank_correlation(np.abs(x), np.abs(y), group)
        found[method, "signed"] = rank_correlation(x, y, group)
    return found


def rank_correlation(x: FloatArray, y: FloatArray, group: IntArray) -> float:
    """Return Spearman's rank correlation within each group, averaged over the groups.

    Parameters
    ----------
    x, y : FloatArray
        (n,) values.
    group : IntArray
        (n,) ascending number of the group of each value. A group in which all x or all y are equal counts as 0.

    Returns
    -------
    float
        Value of -1 to 1; NaN without values.
    """
    _, group = np.unique(group, return_inverse=True)
    number = np.bincount(group)
    ranks = [pd.Series(values).groupby(group).rank().to_numpy() for values in (x, y)]
    a, b = (rank - (np.bincount(group, rank) / number)[group] for rank in ranks)
    square = np.bincount(group, a * a) * np.bincount(group, b * b)
    rho = np.divide(np.bincount(group, a * b), np.sqrt(square), where=square > 0, out=np.zeros(len(number)))
    return float(rho.mean()) if len(rho) else float("nan")


def _initial(shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    if len(shape) == 1:
        return np.zeros(shape)
    limit = np.sqrt(6 / (np.prod(shape[:-2]) * (shape[-2] + shape[-1])))
    return rng.uniform(-limit, limit, shape)


def _over_draws(draws: Sequence[Mapping[tuple[str, str], float]], change: str, layer: str) -> list[Similarity]:
    n = len(draws)
    found = []
    for method, values in draws[0]:
        drawn = np.array([draw[method, values] for draw in draws])
        found.append(
            Similarity(
                method=method,
                change=change,
                layer=layer,
                values=values,
                similarity=float(drawn.mean()),
                error=float(drawn.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan"),
                n=n,
            )
        )
    return found
