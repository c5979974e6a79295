"""Recipes of the training: that of the paper (section 3.3) and a modern one, as checked settings without Keras."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from encluster.network.architecture import Architecture
from encluster.network.settings import ArchitectureSettings
from encluster.settings import Real, Seed, Settings, Whole, wrong


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Complete settings of one training; `TrainingSettings` checks them and adds the defaults of the recipe.

    Parameters
    ----------
    recipe : str
        "paper": plain gradient descent at a constant rate, batches of catalogs with equal numbers of clusters;
        "modern": AdamW, random batches; the rate rises over `warmup_epochs` and falls as a cosine.
    epochs : int
        Passes over the training set.
    batch_size : int
        Catalogs per step; with "paper" an upper limit.
    learning_rate : float
        Highest learning rate.
    weight_decay : float
        Weight decay of AdamW, without biases; zero for "paper".
    warmup_epochs : float
        Epochs over which the rate of "modern" rises.
    loss : str
        Error of the scaled label, "mae" or "mse".
    select_from_epoch : int
        The model with the lowest validation error is selected from this epoch (counted from 1) on.
    precision : str
        One of "float32", "tf32" (a GPU's short matrix products) and "mixed_bfloat16".
    checkpoint_seconds : float
        Time between checkpoints [s]; 0 writes one after each epoch.
    threads : int
        Number of CPU threads; results are bit-identical only for a fixed number.
    """

    recipe: str
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    warmup_epochs: float
    loss: str
    select_from_epoch: int
    precision: str
    checkpoint_seconds: float
    threads: int


@dataclass(frozen=True, kw_only=True)
class _Defaults:
    """Defaults of a recipe; shares are relative to its number of epochs."""

    epochs: int
    weight_decay: float
    select_from_share: float
    warmup_share: float


_RECIPES = {
    "paper": _Defaults(epochs=5000, weight_decay=0.0, select_from_share=0.4, warmup_share=0.0),  # epoch 2000 of 5000
    "modern": _Defaults(epochs=30, weight_decay=0.004, select_from_share=0.0, warmup_share=1 / 30),
}


class TrainingSettings(Settings):
    """Training of the network (section 3.3).

    Raises
    ------
    SettingsError
        If a value is out of range, or does not fit the recipe or the number of epochs.
    """

    recipe: Literal["paper", "modern"] = Field(
        "paper",
        description="paper: SGD, batches of equal N, 5000 epochs; modern: AdamW with a cosine schedule, random batches,"
        " 30 epochs",
    )
    epochs: Whole | None = Field(
        None, ge=1, le=1_000_000, description="passes over the training set; default: that of the recipe"
    )
    batch_size: Whole = Field(32, ge=1, le=4096, description="catalogs per step")
    learning_rate: Real = Field(0.001, gt=0, le=10, description="highest learning rate")
    weight_decay: Real | None = Field(None, ge=0, le=1, description="weight decay of AdamW; default: 0.004")
    warmup_epochs: Real | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="epochs over which the rate of AdamW rises; default: a thirtieth of all epochs",
    )
    loss: Literal["mae", "mse"] = Field("mae", description="mean absolute or squared error of the scaled label")
    select_from_epoch: Whole | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="the model with the lowest validation error from this epoch on is selected; default: 2000 of 5000"
        " for paper, 1 for modern",
    )
    precision: Literal["float32", "tf32", "mixed_bfloat16"] = Field(
        "float32", description="precision of matrix products"
    )
    checkpoint_seconds: Real = Field(120.0, ge=0, le=1_000_000, description="time between checkpoints [s]")
    threads: Whole = Field(8, ge=1, le=1024, description="CPU threads; results are bit-identical for a fixed number")

    @property
    def complete(self) -> Recipe:
        """The recipe with the defaults of all settings that are null."""
        known = _RECIPES[self.recipe]
        epochs = known.epochs if self.epochs is None else self.epochs
        filled = {
            "epochs": epochs,
            "weight_decay": known.weight_decay,
            "warmup_epochs": known.warmup_share * epochs,
            "select_from_epoch": max(1, round(known.select_from_share * epochs)),
        }
        return Recipe(**{**filled, **self.model_dump(exclude_none=True)})

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        full = self.complete
        if full.select_from_epoch > full.epochs:
            raise wrong("select_from_epoch", full.select_from_epoch, f"must not exceed epochs = {full.epochs}")
        if full.warmup_epochs >= full.epochs:
            raise wrong("warmup_epochs", full.warmup_epochs, f"must be below epochs = {full.epochs}")
        for name in ("weight_decay", "warmup_epochs"):
            if self.recipe == "paper" and getattr(full, name):
                raise wrong(name, getattr(full, name), "must be 0 for recipe = paper")
        return self


class _Training(Settings):
    """The settings that `training_spec` checks."""

    seed: Seed
    architecture: ArchitectureSettings
    training: TrainingSettings


@dataclass(frozen=True, kw_only=True)
class TrainingSpec:
    """Seed, network and recipe, which determine the result of a training.

    Parameters
    ----------
    seed : int
        Seed of the initial weights, the batches and the dropout.
    architecture : Architecture
        The widths of all layers.
    training : Recipe
        The complete recipe.
    """

    seed: int
    architecture: Architecture
    training: Recipe

    def as_dict(self) -> dict[str, Any]:
        """Return the specification as plain data with all defaults."""
        return asdict(self)


def training_spec(settings: Mapping[str, Any]) -> TrainingSpec:
    """Return a training from the keys ``seed``, ``architecture`` and ``training`` of a configuration.

    Parameters
    ----------
    settings : Mapping
        These three keys, as plain data or as `ArchitectureSettings` and `TrainingSettings`.

    Returns
    -------
    TrainingSpec
        The checked training.

    Raises
    ------
    SettingsError
        If a key is unknown or missing, or a value is out of range.
    """
    checked = _Training(**settings)
    return TrainingSpec(
        seed=checked.seed, architecture=checked.architecture.architecture, training=checked.training.complete
    )


def shortened(spec: TrainingSpec, **changes: Any) -> TrainingSpec:
    """Return the same training with other fields of its recipe.

    Parameters
    ----------
    spec : TrainingSpec
        The training.
    **changes : Any
        Fields of `Recipe`.

    Returns
    -------
    TrainingSpec
        The changed training.
    """
    return replace(spec, training=replace(spec.training, **changes))
