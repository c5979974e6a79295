"""Compiled functions of arrays that evaluate a trained model, or a part of it."""

import weakref
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
from keras import ops

from encluster.network.backend import backend_name
from encluster.types import FloatArray

_COMPILED: weakref.WeakKeyDictionary[keras.Model, Callable[[list[Any]], FloatArray]] = weakref.WeakKeyDictionary()
_GRADIENTS: weakref.WeakKeyDictionary[keras.Model, Callable[[FloatArray], FloatArray]] = weakref.WeakKeyDictionary()


def encoder_of(model: keras.Model) -> keras.Model:
    """Return the part of a model that gives one number per row of a table.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`, whose encoder is a layer, or any model that is such an
        encoder: with one input (n, w) and one output (n, 1).

    Returns
    -------
    keras.Model
        The layer ``encoder``; the model itself if it has no such layer.

    Raises
    ------
    ValueError
        If the model has no layer ``encoder``, and more inputs or outputs than one per row.
    """
    for layer in model.layers:
        if layer.name == "encoder" and isinstance(layer, keras.Model):
            return layer
    inputs, outputs = ([tuple(tensor.shape) for tensor in tensors] for tensors in (model.inputs, model.outputs))
    if len(inputs) != 1 or len(inputs[0]) != 2 or outputs != [(None, 1)]:
        raise ValueError(
            f"model {model.name!r}: has inputs {inputs} and outputs {outputs}; an encoder has one input (None, w) and"
            " one output (None, 1), or is a layer with the name 'encoder'"
        )
    return model


def compiled(model: keras.Model) -> Callable[[list[Any]], FloatArray]:
    """Return a model as a function of its inputs, compiled once per model; eager calls cost 25-65 ms each.

    Parameters
    ----------
    model : keras.Model
        A model with one output.

    Returns
    -------
    Callable
        Function of a list of input arrays; it returns the output array.
    """
    if model not in _COMPILED:
        # a strong reference to the model in the function would keep it in the cache for ever
        reference = weakref.ref(model)
        _COMPILED[model] = _compiled_jax(reference) if backend_name() == "jax" else _compiled_tensorflow(reference)
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
    """Return the derivative of a model's output with respect to its input as a function, compiled once per model.

    The model must treat each row independently, because the function computes the gradient of the sum over rows.

    Parameters
    ----------
    model : keras.Model
        A model with one input (n, w) and one output (n, 1).

    Returns
    -------
    Callable
        Function of an input array (n, w); it returns the derivatives (n, w).
    """
    if model not in _GRADIENTS:
        reference = weakref.ref(model)
        _GRADIENTS[model] = _gradient_jax(reference) if backend_name() == "jax" else _gradient_tensorflow(reference)
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


def _values(variables: Iterable[Any]) -> list[Any]:
    return [variable.value for variable in variables]
