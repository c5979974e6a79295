"""Rows and small sections of the configuration that name mock catalogs and networks."""

from typing import Annotated, Any, Literal

from pydantic import Field

from encluster.settings import Flag, Name, Real, Seed, Settings, Whole

VARIANTS = Literal["standard", "shuffled", "no_wl", "array_of_ones", "prescriptive"]


class MockSet(Settings):
    """Mock catalogs beside the standard ones: the keys of `survey` and `mocks` that differ."""

    survey: dict[str, Any] = Field({}, description="keys of `survey` that differ")
    mocks: dict[str, Any] = Field({}, description="keys of `mocks` that differ")


class Model(Settings):
    """A model to train: its input, its seed, and the keys of `architecture` and `training` that differ."""

    variant: VARIANTS = Field(description="the network's input (sections 3.2, 4.2; Appendix B)")
    seed: Seed = Field(description="seed of the initial weights, the batches and the dropout")
    seeds: Whole = Field(
        1,
        ge=1,
        le=1000,
        description="number of networks, trained from `seed`, `seed` + 1, ...; network k has the name NAME_k",
    )
    mocks: Name | None = Field(
        None,
        description="row of `mock_sets`; null: the row with the name of the variant, or the standard mock catalogs",
    )
    permuted_labels: Flag = Field(
        False, description="true: the labels of the training and validation catalogs are permuted at random"
    )
    architecture: dict[str, Any] = Field({}, description="keys of `architecture` that differ")
    training: dict[str, Any] = Field({}, description="keys of `training` that differ")


class Ensemble(Settings):
    """Repetitions of models with other seeds, for `snakemake ensemble`."""

    models: tuple[str, ...] = Field(("standard",), description="rows of `models`")
    seeds: Whole = Field(
        10,
        ge=1,
        le=1000,
        description="number of seeds, including the row's own; network k is NAME_k with seed + k - 1",
    )
    together: Flag = Field(
        False,
        description="true: one process trains all seeds of a model at once, which uses a GPU fully and needs"
        " KERAS_BACKEND=jax; false: one process per seed, at most one per core at a time",
    )


class Checks(Settings):
    """Checks of the networks that are not in the paper."""

    realizations: Whole = Field(
        5,
        ge=2,
        le=100,
        description="number of simulations with clusters that no training has used: other realizations of the"
        " surrogate, or splits of a list into halves",
    )
    halves: tuple[str, ...] = Field(
        ("standard", "no_wl"),
        description="rows of `models` that are trained on half of the clusters and tested on both halves",
    )
    permuted: tuple[str, ...] = Field(
        ("standard", "no_wl"), description="rows of `models` that are trained on permuted labels too"
    )
    exponents: tuple[Annotated[Real, Field(ge=0, le=3)], ...] = Field(
        (0.0, 0.1, 0.3),
        description="the prescriptive model is trained with `mocks.prescriptive_exponents` times these too",
    )
