"""How to train: the paper's recipe (section 3.3) and a modern one, as checked settings; no Keras needed here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from encluster.network.architecture import Architecture, architecture_from_spec

LOSSES = ("mae", "mse")
PRECISIONS = ("float32", "tf32", "mixed_bfloat16")
MOST_SEED = 2**32 - 1


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Settings of one training.

    Parameters
    ----------
    recipe : "paper": plain gradient descent at a constant rate, batches of catalogs with equal numbers of clusters;
        "modern": AdamW whose rate rises over `warmup_epochs` and falls as a cosine, random batches
    epochs : passes over the training set
    batch_size : catalogs per step; "paper" takes at most so many of equal size
    learning_rate : its highest value
    weight_decay : of AdamW, biases excepted; zero for "paper"
    warmup_epochs : of "modern"
    loss : "mae" or "mse" of the scaled label
    select_from_epoch : the model is the one of lowest validation error from this epoch (counted from 1) on
    precision : "float32"; "tf32" (a GPU's short matrix products); "mixed_bfloat16"
    checkpoint_seconds : time between checkpoints; 0 writes one after each epoch
    threads : of the processor; results are bit-identical for a fixed number only
    """

    recipe: str
    epochs: int
    batch_size: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    warmup_epochs: float = 0.0
    loss: str = "mae"
    select_from_epoch: int = 1
    precision: str = "float32"
    checkpoint_seconds: float = 120.0
    threads: int = 2

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "select_from_epoch", "threads"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"training.{name} = {value!r}: must be a whole number of at least 1")
        for name in ("learning_rate", "weight_decay", "warmup_epochs", "checkpoint_seconds"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
                raise ValueError(f"training.{name} = {value!r}: must be a number of at least 0")
            object.__setattr__(self, name, float(value))  # Keras takes no whole number for a rate
        if self.learning_rate == 0:
            raise ValueError("training.learning_rate = 0: must be positive, 0.001 in the paper")
        for name, known in (("recipe", tuple(RECIPES)), ("loss", LOSSES), ("precision", PRECISIONS)):
            if getattr(self, name) not in known:
                raise ValueError(f"training.{name} = {getattr(self, name)!r}: must be one of {', '.join(known)}")
        if self.select_from_epoch > self.epochs:
            raise ValueError(
                f"training.select_from_epoch = {self.select_from_epoch}: must not exceed epochs = {self.epochs}"
            )
        if self.warmup_epochs >= self.epochs:
            raise ValueError(f"training.warmup_epochs = {self.warmup_epochs:g}: must be below epochs = {self.epochs}")
        for name in ("weight_decay", "warmup_epochs"):
            if self.recipe == "paper" and getattr(self, name):
                raise ValueError(f"training.{name} = {getattr(self, name)}: recipe = paper has none; set it to 0")


# What a recipe sets where the configuration is silent; shares are of its epochs.
RECIPES: dict[str, dict[str, Any]] = {"paper": {"epochs": 5000}, "modern": {"epochs": 30, "weight_decay": 0.004}}
_SELECT_FROM_SHARE = {"paper": 0.4, "modern": 0.0}  # epoch 2000 of 5000
_WARMUP_SHARE = {"paper": 0.0, "modern": 1 / 30}


@dataclass(frozen=True, kw_only=True)
class TrainingSpec:
    """All that decides what comes out of a training: seed, network and recipe."""

    seed: int
    architecture: Architecture
    training: Recipe

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, every default spelled out."""
        return asdict(self)


def spec_from_settings(settings: Mapping[str, Any]) -> TrainingSpec:
    """Check the configuration of a training and fill in what its recipe leaves open.

    Parameters
    ----------
    settings : keys `seed`, `architecture` (see `architecture_from_spec`), `training` (fields of `Recipe`)

    Raises
    ------
    ValueError : an unknown or missing key, or a value out of range
    """
    _only(settings, ("seed", "architecture", "training"), "")
    for key in ("seed", "architecture", "training"):
        if key not in settings:
            raise ValueError(f"{key}: is missing; a training needs seed, architecture and training")
    seed, training = settings["seed"], settings["training"]
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MOST_SEED:
        raise ValueError(f"seed = {seed!r}: must be a whole number in 0 ... {MOST_SEED}")
    if not isinstance(training, Mapping):
        raise ValueError(f"training = {training!r}: must be a mapping with the key recipe")
    _only(training, tuple(field.name for field in fields(Recipe)), "training.")
    name = training.get("recipe")
    if name not in RECIPES:
        raise ValueError(f"training.recipe = {name!r}: must be one of {', '.join(RECIPES)}")
    recipe = Recipe(**{**RECIPES[name], **training})
    if "select_from_epoch" not in training:
        recipe = replace(recipe, select_from_epoch=max(1, round(_SELECT_FROM_SHARE[name] * recipe.epochs)))
    if "warmup_epochs" not in training:
        recipe = replace(recipe, warmup_epochs=_WARMUP_SHARE[name] * recipe.epochs)
    return TrainingSpec(seed=seed, architecture=architecture_from_spec(settings["architecture"]), training=recipe)


def shortened(spec: TrainingSpec, **changes: Any) -> TrainingSpec:
    """Return the same training with other fields of its recipe."""
    return replace(spec, training=replace(spec.training, **changes))


def _only(settings: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
    for key in settings:
        if key not in known:
            raise ValueError(f"{prefix}{key}: unknown key; known are {', '.join(known)}")
