"""Training and prediction in JAX: all models at once, in one call per epoch."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import keras
import numpy as np

from encluster.network.feature_set import FeatureSet
from encluster.network.packing import Batch
from encluster.training.backends.device_catalogs import Catalogs
from encluster.training.backends.ensemble import Ensemble
from encluster.types import BoolArray, FloatArray

NO_SLOT = np.array([-1, 0, 0], np.int32)  # a row of the long sequence that belongs to no catalog


class JaxEnsemble(Ensemble):
    """Ensemble in JAX: every variable has a leading axis of models; an epoch of batches of one shape is one `lax.scan`.

    Parameters
    ----------
    models : sequence of keras.Model
        Networks made by `encluster.network.model.build`; their own variables do not change.
    optimizer : keras.Optimizer
        An optimizer that is not yet built; each model gets its own state of it.
    loss : str
        Error of the scaled label, "mae" or "mse".
    features : FeatureSet
        Inputs and labels.
    """

    def __init__(
        self, models: Sequence[keras.Model], optimizer: keras.Optimizer, loss: str, features: FeatureSet
    ) -> None:
        self._model, self._optimizer = models[0], optimizer
        self._catalogs = Catalogs(loss, features)
        optimizer.build(self._model.trainable_variables)
        parts = [(model.trainable_variables, model.non_trainable_variables, optimizer.variables) for model in models]
        self._state = jax.tree.map(lambda *own: jax.numpy.stack([variable.value for variable in own]), *parts)
        self._kept = self._copies(self._state[0])
        step, forward = jax.vmap(self._step), jax.vmap(self._forward, in_axes=(0, None))
        self._epoch = jax.jit(partial(jax.lax.scan, step), donate_argnums=0)
        self._one = jax.jit(step, donate_argnums=0)
        self._predict = jax.jit(lambda state, tables: jax.lax.map(partial(forward, state), tables))
        self._choose = jax.jit(jax.vmap(self._chosen), donate_argnums=2)

    def _step(self, state: Any, tables: Any) -> Any:
        trainable, other, optimizer = state
        rows, slots, top, catalogs, weight = tables

        def objective(trainable: Any) -> Any:
            inputs = self._catalogs.inputs(rows, slots, top)
            output, changed = self._model.stateless_call(trainable, other, inputs, training=True)
            loss, sums = self._catalogs.loss(output, catalogs, weight)
            return loss, (changed, sums)

        gradients, (other, sums) = jax.grad(objective, has_aux=True)(trainable)
        trainable, optimizer = self._optimizer.stateless_apply(optimizer, gradients, trainable)
        return (list(trainable), list(other), list(optimizer)), sums

    def _forward(self, state: Any, tables: Any) -> Any:
        inputs = self._catalogs.inputs(*tables)
        return self._model.stateless_call(*state[:2], inputs, training=False)[0]

    @staticmethod
    def _chosen(chosen: Any, new: Any, old: Any) -> Any:
        return jax.tree.map(lambda a, b: jax.numpy.where(chosen, a, b), new, old)

    @staticmethod
    def _copies(tree: Any) -> Any:
        # the steps reuse the memory of the old state
        return jax.tree.map(jax.numpy.array, tree)

    def load(self, batches: Sequence[Sequence[Batch]]) -> Any:
        """Copy the tables of the batches to the device, (steps, K, ...); return a list of steps if shapes differ."""
        steps = [_stacked(step) for step in zip(*batches, strict=True)]
        if len({tuple(table.shape for table in tables) for tables in steps}) > 1:
            return steps
        return jax.device_put(tuple(np.stack(column) for column in zip(*steps, strict=True)))

    def train(self, epoch: Any) -> FloatArray:
        """Take one step per batch; return the errors, (K, 2)."""
        if isinstance(epoch, tuple):
            self._state, sums = self._epoch(self._state, epoch)
        else:
            sums = []
            for tables in epoch:
                self._state, added = self._one(self._state, tables)
                sums.append(added)
        total = np.array(sums, np.float64).sum(axis=0)
        return np.asarray(total[:, :2] / total[:, 2:])

    def predict(self, batches: Sequence[Batch]) -> FloatArray:
        """Return the scaled predictions, (K, batches, B, 1)."""
        tables = tuple(np.stack(column) for column in zip(*(batch.tables[:3] for batch in batches), strict=True))
        return np.asarray(self._predict(self._state, tables)).swapaxes(0, 1)

    def keep(self, chosen: BoolArray) -> None:
        """Store weights on the device."""
        self._kept = self._choose(np.asarray(chosen), self._state[0], self._kept)

    def kept(self) -> list[list[np.ndarray]]:
        """Return the stored weights."""
        return self._of_each(self._kept)

    def state(self) -> list[list[np.ndarray]]:
        """Return copies of all variables."""
        return self._of_each([value for part in self._state for value in part])

    def _of_each(self, values: Sequence[Any]) -> list[list[np.ndarray]]:
        return [list(own) for own in zip(*(np.array(value) for value in values), strict=True)]

    def restore(self, state: Sequence[Sequence[np.ndarray]], kept: Sequence[Sequence[np.ndarray]]) -> None:
        """Set the state and the stored weights."""
        leaves, tree = jax.tree.flatten(self._state)
        values, weights = _fitting(state, leaves), _fitting(kept, self._kept)
        self._state, self._kept = jax.tree.unflatten(tree, values), weights


def _stacked(step: Sequence[Batch]) -> tuple[np.ndarray, ...]:
    """Return the tables of one step, with the models as first axis, padded to the largest table."""
    rows, slots = max(len(batch.rows) for batch in step), max(len(batch.slots) for batch in step)
    tables = [
        (
            np.pad(batch.rows, (0, rows - len(batch.rows))),
            np.concatenate([batch.slots, np.tile(NO_SLOT, (slots - len(batch.slots), 1))]),
            *batch.tables[2:],
        )
        for batch in step
    ]
    return tuple(np.stack(column) for column in zip(*tables, strict=True))


def _fitting(values: Sequence[Sequence[np.ndarray]], wanted: Sequence[Any]) -> list[Any]:
    """Return stacked values in the types of the present ones; raise ValueError if number or shapes differ."""
    shapes = [value.shape[1:] for value in wanted]
    if any([np.shape(value) for value in own] != shapes for own in values):
        raise ValueError("the number or shapes of the arrays do not fit these models")
    stacked = [np.stack(own) for own in zip(*values, strict=True)]
    return [jax.numpy.array(value, now.dtype) for value, now in zip(stacked, wanted, strict=True)]
