"""The Keras backend: its name, its device, its arithmetic, and the environment variables that change numbers.

Keras itself is imported only when it is needed, because the import is slow and checks before a run do not need it.
"""

import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

BACKENDS = ("tensorflow", "jax")
# Variables that change the last digits of a training, or more. They are not reset, since a machine may need them.
_RECORDED = (
    "CUDA_VISIBLE_DEVICES",
    "DNNL_MAX_CPU_ISA",
    "JAX_PLATFORMS",
    "MKL_NUM_THREADS",
    "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE",
    "OMP_NUM_THREADS",
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "TF_CUDNN_DETERMINISTIC",
    "TF_DETERMINISTIC_OPS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_XLA_FLAGS",
    "XLA_FLAGS",
)


def check_environment(environment: Mapping[str, str] = os.environ) -> None:
    """Check that KERAS_BACKEND, if set, names a supported backend.

    Parameters
    ----------
    environment : Mapping, optional
        Variables and their values.

    Raises
    ------
    ValueError
        If the backend is unknown.
    """
    name = environment.get("KERAS_BACKEND")
    if name and name not in BACKENDS:
        raise ValueError(
            f"KERAS_BACKEND = {name!r}: must be {' or '.join(BACKENDS)}; without it, {BACKENDS[0]} is used"
        )


def import_keras() -> None:
    """Import Keras and its backend, independent of the home folder and without their messages about the machine.

    Raises
    ------
    ValueError
        If KERAS_BACKEND names an unknown backend, or one that is not installed.
    """
    check_environment()
    backend = os.environ.get("KERAS_BACKEND") or BACKENDS[0]
    if importlib.util.find_spec(backend) is None:
        raise ValueError(f"KERAS_BACKEND = {backend!r}: is not installed here")
    os.environ["KERAS_BACKEND"] = backend
    # keras.json could set the type of numbers, the order of axes and more; Keras ignores a folder that does not exist
    os.environ["KERAS_HOME"] = os.devnull
    os.environ["JAX_ENABLE_X64"] = "0"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _without_first_notes():
        import keras  # noqa: F401


@contextmanager
def _without_first_notes() -> Iterator[None]:
    """Hide what TensorFlow writes to stderr before its log level can be set; show it only if an error follows."""
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(stderr, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)


def recorded_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment variables that are set and can change numbers.

    Parameters
    ----------
    environment : Mapping, optional
        Variables and their values.

    Returns
    -------
    dict[str, str]
        Names and values, for the provenance of a training.
    """
    return {name: environment[name] for name in _RECORDED if name in environment}


def backend_name() -> str:
    """Return the name of the Keras backend.

    Returns
    -------
    str
        Either "tensorflow" or "jax".

    Raises
    ------
    ValueError
        If Keras uses another backend.
    """
    import keras

    name = keras.backend.backend()
    if name not in BACKENDS:
        raise ValueError(f"KERAS_BACKEND = {name!r}: must be {' or '.join(BACKENDS)}")
    return str(name)


def configure(*, threads: int, precision: str) -> None:
    """Set the number of threads and the arithmetic of matrix products, before anything is computed.

    Results are bit-identical from run to run only at a fixed number of threads; therefore the number comes from the
    configuration and not from the machine.

    Parameters
    ----------
    threads : int
        Number of CPU threads.
    precision : str
        "tf32" allows 10-bit mantissas in a GPU's matrix products; any other value forbids them.
    """
    tf32 = precision == "tf32"
    if backend_name() == "jax":
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
    """Return the name of the device that computes.

    Returns
    -------
    str
        Type and, if known, model of the device; for example "CPU" or "GPU (NVIDIA H200)".
    """
    if backend_name() == "jax":
        import jax

        found = jax.devices()[0]
        return f"{found.platform.upper()} ({found.device_kind})"
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    return f"GPU ({tf.config.experimental.get_device_details(gpus[0]).get('device_name', 'unknown')})"
