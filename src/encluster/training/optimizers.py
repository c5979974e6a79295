"""Optimizer and learning rate of a recipe (section 3.3)."""

from typing import Any

import keras

from encluster.training.recipes import Recipe


def learning_rates(recipe: Recipe, n_steps: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """Return the learning rate: a constant for "paper", a function of the step for "modern".

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    n_steps : int
        Number of steps per epoch.

    Returns
    -------
    float or keras.optimizers.schedules.LearningRateSchedule
        The rate.
    """
    if recipe.recipe == "paper":
        return recipe.learning_rate
    warmup = round(recipe.warmup_epochs * n_steps)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else recipe.learning_rate,
        decay_steps=max(recipe.epochs * n_steps - warmup, 1),
        warmup_target=recipe.learning_rate if warmup else None,
        warmup_steps=warmup,
    )


def optimizer_of(recipe: Recipe, rate: Any) -> keras.Optimizer:
    """Return the optimizer of a recipe.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    rate : float or keras.optimizers.schedules.LearningRateSchedule
        Result of `learning_rates`.

    Returns
    -------
    keras.Optimizer
        A new optimizer.
    """
    if recipe.recipe == "paper":
        return keras.optimizers.SGD(rate)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer
