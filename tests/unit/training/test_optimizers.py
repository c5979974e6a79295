"""Optimizers and learning rates of the two recipes."""

from typing import Any

import keras
import numpy as np
import pytest

from encluster.training.optimizers import learning_rates, optimizer_of
from encluster.training.recipes import Recipe, training_spec

MODERN = {"recipe": "modern", "epochs": 4, "learning_rate": 0.01}
PLAIN = {"recipe": "paper", "epochs": 4, "select_from_epoch": 3}


def _recipe(training: dict[str, Any], **changes: Any) -> Recipe:
    return training_spec({"seed": 3, "architecture": {"size": "tiny"}, "training": {**training, **changes}}).training


def test_learning_rates_rise_and_fall() -> None:
    rate = learning_rates(_recipe(MODERN, epochs=10, warmup_epochs=2), 50)
    assert isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
    values = [float(rate(step)) for step in range(501)]
    assert values[0] == 0
    assert np.argmax(values) == 100
    assert max(values) == pytest.approx(0.01)
    assert values[500] == pytest.approx(0, abs=1e-9)
    assert learning_rates(_recipe(PLAIN), 50) == 0.001


@pytest.mark.parametrize("recipe", [PLAIN, {**MODERN, "warmup_epochs": 0}])
def test_a_whole_number_is_a_rate(recipe: dict[str, Any]) -> None:
    whole, point = (_recipe(recipe, learning_rate=rate) for rate in (1, 1.0))
    assert repr(whole) == repr(point)
    rate = learning_rates(whole, 5)
    assert float(keras.optimizers.SGD(rate).learning_rate) == 1.0


def test_the_paper_descends_and_the_modern_recipe_decays_weights() -> None:
    assert isinstance(optimizer_of(_recipe(PLAIN), 0.001), keras.optimizers.SGD)
    modern = optimizer_of(_recipe(MODERN, weight_decay=0.02), 0.01)
    assert isinstance(modern, keras.optimizers.AdamW)
    assert modern.weight_decay == 0.02
