"""Halves of the simulated clusters, for mock catalogs of clusters that no training catalog has used."""

from dataclasses import replace

import numpy as np

from encluster.halos.catalog import HaloCatalog
from encluster.halos.contract import CONTRACT
from encluster.mocks.settings import MockSettings
from encluster.randomness import generator
from encluster.types import BoolArray


def chosen_clusters(halos: HaloCatalog, mocks: MockSettings, *, seed: int) -> HaloCatalog:
    """Return the simulated clusters that provide scatter and profiles of the mock clusters.

    A half changes nothing else. Catalogs with the same index, drawn from either half, have the same parameters, number
    of clusters, true masses and lensing masses. To measure the effect of unseen clusters, train on catalogs of one half
    and compare the test catalogs of both: none of them has the index of a training catalog. A training catalog of one
    half and the catalog with the same index of the other half are not independent.

    Parameters
    ----------
    halos : HaloCatalog
        All simulated clusters.
    mocks : MockSettings
        The mock catalogs; ``clusters`` names the half, ``split`` the random split.
    seed : int
        Seed of all draws.

    Returns
    -------
    HaloCatalog
        The clusters in the order of `halos`.

    Raises
    ------
    ValueError
        If a half has too few clusters for a halo catalog.
    """
    if mocks.clusters == "all":
        return halos
    # The halves keep the relations and the abundance of all clusters: a half differs in nothing but its members, a
    # normalization bias means the same in both halves, and the box is not halved. The mean residual of a half is then
    # not zero: +-0.004 dex in M_gas and +-0.009 dex in L_X over the mock clusters of 1,165 surrogate clusters. That is
    # the error of a relation from a finite simulation, which a fit to each half would hide, and it is small against
    # the normalization biases in all catalogs, -0.10 to 0.11 dex.
    first = in_first_half(halos, seed=seed, split=mocks.split)
    kept = first if mocks.clusters == "first_half" else ~first
    return replace(
        halos,
        **{name: getattr(halos, name)[kept] for name in CONTRACT},
        names=tuple(np.array(halos.names)[kept].tolist()) if halos.names else (),
        source=f"{halos.source}, mocks.clusters = {mocks.clusters}",
    )


def in_first_half(halos: HaloCatalog, *, seed: int, split: int) -> BoolArray:
    """Return which simulated clusters are in the first half of a random split; all others are in the second half.

    The clusters in descending order of mass are paired, and one of each pair is drawn. Above any mass, the numbers of
    clusters in the halves therefore differ by at most one.

    Parameters
    ----------
    halos : HaloCatalog
        All simulated clusters.
    seed : int
        Seed of all draws.
    split : int
        Number of the split; splits are independent.

    Returns
    -------
    BoolArray
        (n,) whether a cluster is in the first half.
    """
    n = len(halos)
    drawn = generator(seed, "halves", split).integers(0, 2, (n + 1) // 2)
    place = np.arange(n)
    first = np.empty(n, bool)
    first[np.argsort(-halos.m500c, kind="stable")] = place % 2 == drawn[place // 2]
    return first
