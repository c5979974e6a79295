"""How to train: the paper's recipe (section 3.3) and a modern one, as checked settings; no Keras needed here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from encluster.network.architecture import Architecture
from encluster.network.settings import ArchitectureSettings
from encluster.settings import Real, Seed, Settings, Whole, wrong


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Settings of one training; `TrainingSettings` checks them and fills in what a recipe leaves open.

    Parameters
    ----------
    recipe : str
        "paper": plain gradient descent at a constant rate, batches of catalogs with equal numbers of clusters;
        "modern": AdamW whose rate rises over `warmup_epochs` and falls as a cosine, random batches.
    epochs : int
        Passes over the training set.
    batch_size : int
        Catalogs per step; "paper" takes at most so many of equal size.
    learning_rate : float
        Its highest value.
    weight_decay : float
        Of AdamW, biases excepted; zero for "paper".
    warmup_epochs : float
        Of "modern".
    loss : str
        "mae" or "mse" of the scaled label.
    select_from_epoch : int
        The model is the one of lowest validation error from this epoch (counted from 1) on.
    precision : str
        "float32"; "tf32" (a GPU's short matrix products); "mixed_bfloat16".
    checkpoint_seconds : float
        Time between checkpoints; 0 writes one after each epoch.
    threads : int
        Of the processor; results are bit-identical for a fixed number only.
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
    """What a recipe sets where the configuration is silent; shares are of its epochs."""

    epochs: int
    weight_decay: float
    select_from_share: float
    warmup_share: float


_RECIPES = {
    "paper": _Defaults(epochs=5000, weight_decay=0.0, select_from_share=0.4, warmup_share=0.0),  # epoch 2000 of 5000
    "modern": _Defaults(epochs=30, weight_decay=0.004, select_from_share=0.0, warmup_share=1 / 30),
}


class TrainingSettings(Settings):
    """How the network is trained (section 3.3).

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
        None, ge=1, le=1_000_000, description="passes over the training set; the recipe's if left out"
    )
    batch_size: Whole = Field(32, ge=1, le=4096, description="catalogs per step")
    learning_rate: Real = Field(0.001, gt=0, le=10, description="its highest value")
    weight_decay: Real | None = Field(None, ge=0, le=1, description="of AdamW; 0.004 if left out")
    warmup_epochs: Real | None = Field(
        None, ge=0, le=1_000_000, description="epochs over which the rate of AdamW rises; a thirtieth if left out"
    )
    loss: Literal["mae", "mse"] = Field("mae", description="mean absolute or squared error of the scaled label")
    select_from_epoch: Whole | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="the model has the lowest validation error from this epoch on; by default 2000 of 5000 for paper, 1"
        " for modern",
    )
    precision: Literal["float32", "tf32", "mixed_bfloat16"] = Field("float32", description="of matrix products")
    checkpoint_seconds: Real = Field(120.0, ge=0, le=1_000_000, description="time between checkpoints [s]")
    threads: Whole = Field(8, ge=1, le=1024, description="of the processor; the same number gives the same bits")

    @property
    def complete(self) -> Recipe:
        """The recipe with all that was left out."""
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
                raise wrong(name, getattr(full, name), "recipe = paper has none; set it to 0")
        return self


class _Training(Settings):
    """What `training_spec` checks."""

    seed: Seed
    architecture: ArchitectureSettings
    training: TrainingSettings


@dataclass(frozen=True, kw_only=True)
class TrainingSpec:
    """All that decides what comes out of a training: seed, network and recipe.

    Parameters
    ----------
    seed : int
        Of the initial weights, the batches and the dropout.
    architecture : Architecture
        The widths of all layers.
    training : Recipe
        The recipe, complete.
    """

    seed: int
    architecture: Architecture
    training: Recipe

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, every default spelled out."""
        return asdict(self)


def training_spec(settings: Mapping[str, Any]) -> TrainingSpec:
    """Return a training from the keys ``seed``, ``architecture`` and ``training`` of a configuration.

    Parameters
    ----------
    settings : Mapping
        These three keys, as plain data or as `ArchitectureSettings` and `TrainingSettings`.

    Raises
    ------
    SettingsError
        For an unknown or missing key, or a value out of range.
    """
    checked = _Training(**settings)
    return TrainingSpec(
        seed=checked.seed, architecture=checked.architecture.architecture, training=checked.training.complete
    )


def shortened(spec: TrainingSpec, **changes: Any) -> TrainingSpec:
    """Return the same training with other fields of its recipe."""
    return replace(spec, training=replace(spec.training, **changes))
