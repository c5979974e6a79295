"""Training and prediction in JAX."""

from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np

from encluster.batching import Batch
from encluster.engine.base import Engine
from encluster.features import FeatureSet
from encluster.types import FloatArray


class JaxEngine(Engine):
    """Stateless steps; an epoch of batches of one shape is one `lax.scan`: a GPU never waits for the host."""

    def __init__(self, model: keras.Model, optimizer: keras.Optimizer, loss: str, features: FeatureSet) -> None:
        super().__init__(model, optimizer, loss, features)
        import jax

        self._jax = jax
        # copies, because the steps give the memory of the old state away and the model must keep its own
        self._state = self._parts([jax.numpy.array(variable.value) for variable in self._variables()])
        self._scan = jax.jit(lambda state, tables: jax.lax.scan(self._step, state, tables), donate_argnums=0)
        self._one = jax.jit(self._step, donate_argnums=0)
        self._forward = jax.jit(self._forward_pure)

    def _parts(self, values: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        a = len(self.model.trainable_variables)
        b = a + len(self.model.non_trainable_variables)
        return values[:a], values[a:b], values[b:]

    def _step(self, state: Any, tables: Any) -> Any:
        trainable, other, optimizer = state
        rows, slots, top, catalogues, weight = tables

        def objective(trainable: Any) -> Any:
            inputs = self._inputs(rows, slots, top)
            output, changed = self.model.stateless_call(trainable, other, inputs, training=True)
            loss, sums = self._loss(output, catalogues, weight)
            return loss, (changed, sums)

        gradients, (other, sums) = self._jax.grad(objective, has_aux=True)(trainable)
        trainable, optimizer = self.optimizer.stateless_apply(optimizer, gradients, trainable)
        return (list(trainable), list(other), list(optimizer)), sums

    def _forward_pure(self, state: Any, rows: Any, slots: Any, top: Any) -> Any:
        return self.model.stateless_call(*state[:2], self._inputs(rows, slots, top), training=False)[0]

    def _train(self, batches: Sequence[Batch]) -> np.ndarray:
        tables = [batch.tables for batch in batches]
        if len({tuple(table.shape for table in batch) for batch in tables}) == 1:
            stacked = tuple(np.stack(column) for column in zip(*tables, strict=True))
            self._state, sums = self._scan(self._state, stacked)
        else:
            sums = []
            for batch in tables:
                self._state, added = self._one(self._state, batch)
                sums.append(added)
        return np.array(sums, np.float64).sum(axis=0)

    def predict(self, batches: Iterable[Batch]) -> list[FloatArray]:
        """Return the scaled predictions (B, 1) of each batch, without dropout."""
        outputs = [self._forward(self._state, *batch.tables[:3]) for batch in batches]
        return [np.asarray(output) for output in outputs]

    def state(self) -> list[np.ndarray]:
        """Return copies of every variable: weights, dropout generators, optimiser."""
        return [np.array(value) for part in self._state for value in part]

    def weights(self) -> list[np.ndarray]:
        """Return copies of the trainable variables."""
        return [np.array(value) for value in self._state[0]]

    def restore(self, state: Sequence[np.ndarray]) -> None:
        """Take every variable from what `state` returned; raises ValueError where number or shapes differ."""
        typed = [
            np.asarray(value, str(v.dtype)) for v, value in zip(self._variables(), self._checked(state), strict=True)
        ]
        self._state = self._parts([self._jax.numpy.array(value) for value in typed])
