"""The two backends behind one small interface: compiled prediction and compiled training steps.

Only here does the code know whether TensorFlow or JAX computes. Both take the same Keras model, optimiser and batches.
"""

import os
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from encluster.batching import Batch
from encluster.features import FeatureSet
from encluster.types import FloatArray

_COMPILED: weakref.WeakKeyDictionary[keras.Model, Callable[[list[Any]], FloatArray]] = weakref.WeakKeyDictionary()
_GRADIENTS: weakref.WeakKeyDictionary[keras.Model, Callable[[FloatArray], FloatArray]] = weakref.WeakKeyDictionary()


def backend() -> str:
    """Return "tensorflow" or "jax"; another backend is a ValueError."""
    name = keras.backend.backend()
    if name not in ("tensorflow", "jax"):
        raise ValueError(f"KERAS_BACKEND = {name!r}: must be tensorflow or jax")
    return str(name)


def configure(*, threads: int, precision: str) -> None:
    """Pin the number of threads and the arithmetic of matrix products, before anything is computed.

    Results are bit-identical from run to run only at a fixed number of threads, so it is taken from the configuration
    and not from the machine. `precision` "tf32" allows 10-bit mantissas in a GPU's matrix products; the others do not.
    """
    tf32 = precision == "tf32"
    if backend() == "jax":
        # read by XLA when its client for the CPU starts
        os.environ["NPROC"] = str(threads)
        import jax

        jax.config.update("jax_default_matmul_precision", "tensorfloat32" if tf32 else "float32")
    else:
        import tensorflow as tf

        threading = tf.config.threading
        if threading.get_intra_op_parallelism_threads() != threads:
            threading.set_intra_op_parallelism_threads(threads)
            threading.set_inter_op_parallelism_threads(1)
        tf.config.experimental.enable_tensor_float_32_execution(tf32)


def device() -> str:
    """Return the device that computes, in words."""
    if backend() == "jax":
        import jax

        found = jax.devices()[0]
        return f"{found.platform.upper()} ({found.device_kind})"
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    return f"GPU ({tf.config.experimental.get_device_details(gpus[0]).get('device_name', 'unknown')})"


def compiled(model: keras.Model) -> Callable[[list[Any]], FloatArray]:
    """Return the model as a function of its inputs, compiled once; eager calls cost 25-65 ms each."""
    if model not in _COMPILED:
        # the function must not keep the model alive, or the cache would never let go of it
        reference = weakref.ref(model)
        _COMPILED[model] = _compiled_jax(reference) if backend() == "jax" else _compiled_tensorflow(reference)
    return _COMPILED[model]


def _compiled_jax(reference: Callable[[], Any]) -> Callable[[list[Any]], FloatArray]:
    import jax

    def pure(trainable: Any, other: Any, inputs: Any) -> Any:
        single = inputs[0] if len(inputs) == 1 else inputs
        return reference().stateless_call(trainable, other, single, training=False)[0]

    jitted = jax.jit(pure)

    def call(inputs: list[Any]) -> FloatArray:
        model = reference()
        return np.asarray(jitted(_values(model.trainable_variables), _values(model.non_trainable_variables), inputs))

    return call


def _compiled_tensorflow(reference: Callable[[], Any]) -> Callable[[list[Any]], FloatArray]:
    import tensorflow as tf

    def call_model(*inputs: Any) -> Any:
        return reference()(inputs[0] if len(inputs) == 1 else list(inputs), training=False)

    signature = [tf.TensorSpec((None, *x.shape[1:]), x.dtype) for x in reference().inputs]
    graph = tf.function(call_model, input_signature=signature, autograph=False)

    def call(inputs: list[Any]) -> FloatArray:
        return np.asarray(graph(*(tf.constant(x) for x in inputs)))

    return call


def input_gradient(model: keras.Model) -> Callable[[FloatArray], FloatArray]:
    """Return the derivative of a model's output (n, 1) by its one input (n, w) as a function of it, compiled once.

    The model must treat each row by itself: what is computed is the gradient of the sum over rows.
    """
    if model not in _GRADIENTS:
        reference = weakref.ref(model)
        _GRADIENTS[model] = _gradient_jax(reference) if backend() == "jax" else _gradient_tensorflow(reference)
    return _GRADIENTS[model]


def _gradient_jax(reference: Callable[[], Any]) -> Callable[[FloatArray], FloatArray]:
    import jax

    def total(rows: Any, *variables: Any) -> Any:
        return ops.sum(reference().stateless_call(*variables, rows, training=False)[0])

    jitted = jax.jit(jax.grad(total))

    def call(rows: FloatArray) -> FloatArray:
        model = reference()
        return np.asarray(jitted(rows, _values(model.trainable_variables), _values(model.non_trainable_variables)))

    return call


def _gradient_tensorflow(reference: Callable[[], Any]) -> Callable[[FloatArray], FloatArray]:
    import tensorflow as tf

    def gradient(rows: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(rows)
            output = reference()(rows, training=False)
        return tape.gradient(output, rows)

    signature = [tf.TensorSpec(x.shape, x.dtype) for x in reference().inputs]
    graph = tf.function(gradient, input_signature=signature, autograph=False)
    return lambda rows: np.asarray(graph(tf.constant(rows)))


class Engine(ABC):
    """Trains one model on one set of catalogues. Use `engine_for`, which picks the backend's class.

    Parameters
    ----------
    model : as `encluster.network.build` makes it
    optimizer : a Keras optimiser; it is built here
    loss : "mae" or "mse" of the scaled label
    features : inputs and labels; they go to the device once
    """

    def __init__(self, model: keras.Model, optimizer: keras.Optimizer, loss: str, features: FeatureSet) -> None:
        self.model, self.optimizer, self._loss_name = model, optimizer, loss
        optimizer.build(model.trainable_variables)
        self._matrix = ops.convert_to_tensor(features.matrix, "float32")
        self._supplementary = ops.convert_to_tensor(features.supplementary, "float32")
        self._label = ops.convert_to_tensor(features.label, "float32")

    def train(self, batches: Sequence[Batch]) -> tuple[float, float]:
        """Take one step per batch; return the mean square and mean absolute error over all their catalogues."""
        sums = self._train(batches)
        return float(sums[0] / sums[2]), float(sums[1] / sums[2])

    @abstractmethod
    def predict(self, batches: Iterable[Batch]) -> list[FloatArray]:
        """Return the scaled predictions (B, 1) of each batch, without dropout."""

    @abstractmethod
    def state(self) -> list[np.ndarray]:
        """Return copies of every variable: weights, dropout generators, optimiser."""

    @abstractmethod
    def restore(self, state: Sequence[np.ndarray]) -> None:
        """Take every variable from what `state` returned; raises ValueError where number or shapes differ."""

    def weights(self) -> list[np.ndarray]:
        """Return copies of the trainable variables."""
        return self.state()[: len(self.model.trainable_variables)]

    @abstractmethod
    def _train(self, batches: Sequence[Batch]) -> np.ndarray:
        """Take one step per batch; return the sums of squares, absolute errors and catalogues."""

    def _variables(self) -> list[Any]:
        model = self.model
        return [*model.trainable_variables, *model.non_trainable_variables, *self.optimizer.variables]

    def _checked(self, state: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
        wanted = [tuple(v.shape) for v in self._variables()]
        if [np.shape(value) for value in state] != wanted:
            raise ValueError(f"a state of {len(state)} arrays does not fit a model with {len(wanted)} variables")
        return state

    def _inputs(self, rows: Any, slots: Any, top: Any) -> list[Any]:
        return [ops.take(self._matrix, rows, axis=0), ops.take(self._supplementary, rows, axis=0), slots, top]

    def _loss(self, output: Any, catalogues: Any, weight: Any) -> tuple[Any, Any]:
        """Return the loss of a batch and the sums (squares, absolute errors, catalogues)."""
        error = output[:, 0] - ops.take(self._label, catalogues)
        sums = ops.stack([ops.sum(weight * error**2), ops.sum(weight * ops.abs(error)), ops.sum(weight)])
        return sums[1 if self._loss_name == "mae" else 0] / sums[2], sums


def engine_for(model: keras.Model, optimizer: keras.Optimizer, loss: str, features: FeatureSet) -> Engine:
    """Return the engine of the backend that Keras runs on."""
    kind = JaxEngine if backend() == "jax" else TensorFlowEngine
    return kind(model, optimizer, loss, features)


def _tables(batch: Batch) -> tuple[np.ndarray, ...]:
    return batch.rows, batch.slots, batch.top, batch.catalogues, batch.weight


class TensorFlowEngine(Engine):
    """One graph for every shape of batch; the variables live in the Keras model."""

    def __init__(self, model: keras.Model, optimizer: keras.Optimizer, loss: str, features: FeatureSet) -> None:
        super().__init__(model, optimizer, loss, features)
        import tensorflow as tf

        self._tf = tf
        integers = [tf.TensorSpec(shape, tf.int32) for shape in ((None,), (None, 3), (None, None), (None,))]
        signature = [*integers, tf.TensorSpec((None,), tf.float32)]
        self._step = tf.function(self._step_graph, input_signature=signature, autograph=False)
        self._forward = tf.function(self._forward_graph, input_signature=integers[:3], autograph=False)

    def _step_graph(self, rows: Any, slots: Any, top: Any, catalogues: Any, weight: Any) -> Any:
        with self._tf.GradientTape() as tape:
            output = self.model(self._inputs(rows, slots, top), training=True)
            loss, sums = self._loss(output, catalogues, weight)
        variables = self.model.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return sums

    def _forward_graph(self, rows: Any, slots: Any, top: Any) -> Any:
        return self.model(self._inputs(rows, slots, top), training=False)

    def _train(self, batches: Sequence[Batch]) -> np.ndarray:
        tensors = ([self._tf.constant(table) for table in _tables(batch)] for batch in batches)
        return np.array([self._step(*batch) for batch in tensors], np.float64).sum(axis=0)

    def predict(self, batches: Iterable[Batch]) -> list[FloatArray]:
        """Return the scaled predictions (B, 1) of each batch, without dropout."""
        constant = self._tf.constant
        return [np.asarray(self._forward(*(constant(table) for table in _tables(batch)[:3]))) for batch in batches]

    def state(self) -> list[np.ndarray]:
        """Return copies of every variable: weights, dropout generators, optimiser."""
        return [variable.value.numpy().copy() for variable in self._variables()]

    def weights(self) -> list[np.ndarray]:
        """Return copies of the trainable variables."""
        return [variable.value.numpy().copy() for variable in self.model.trainable_variables]

    def restore(self, state: Sequence[np.ndarray]) -> None:
        """Take every variable from what `state` returned; raises ValueError where number or shapes differ."""
        for variable, value in zip(self._variables(), self._checked(state), strict=True):
            variable.assign(value)


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
        tables = [_tables(batch) for batch in batches]
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
        outputs = [self._forward(self._state, *_tables(batch)[:3]) for batch in batches]
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


def _values(variables: Iterable[Any]) -> list[Any]:
    return [variable.value for variable in variables]
