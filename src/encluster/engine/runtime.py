"""Which backend computes, on what device, with how many threads and in which arithmetic."""

import os

import keras

from encluster.environment import BACKENDS


def backend() -> str:
    """Return "tensorflow" or "jax"; another backend is a ValueError."""
    name = keras.backend.backend()
    if name not in BACKENDS:
        raise ValueError(f"KERAS_BACKEND = {name!r}: must be {' or '.join(BACKENDS)}")
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
