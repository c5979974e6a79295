"""What a person's environment and home folder could change in a result: refused, pinned or written down."""

import importlib.util
import os
from collections.abc import Mapping

BACKENDS = ("tensorflow", "jax")
# Change the last digits of a training, or more. They are left as they are, since a machine may need them.
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
    """Raise ValueError if KERAS_BACKEND names a backend that no job could use.

    Parameters
    ----------
    environment : Mapping
        Variables and their values.
    """
    name = environment.get("KERAS_BACKEND")
    if name and name not in BACKENDS:
        raise ValueError(
            f"KERAS_BACKEND = {name!r}: must be {' or '.join(BACKENDS)}; without it, {BACKENDS[0]} is used"
        )


def prepare_keras() -> None:
    """Make Keras independent of the home folder; to be called before it is imported.

    Raises
    ------
    ValueError
        KERAS_BACKEND names an unknown backend, or one that is not installed.
    """
    check_environment()
    backend = os.environ.get("KERAS_BACKEND") or BACKENDS[0]
    if importlib.util.find_spec(backend) is None:
        raise ValueError(f"KERAS_BACKEND = {backend!r}: is not installed here")
    os.environ["KERAS_BACKEND"] = backend
    # keras.json can set the type of numbers, the order of axes and more: Keras finds none in a folder that is not there
    os.environ["KERAS_HOME"] = os.devnull
    os.environ["JAX_ENABLE_X64"] = "0"
    # what TensorFlow says about its build concerns nobody who reads a log
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def recorded_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that are set and can change numbers.

    Parameters
    ----------
    environment : Mapping
        Variables and their values.

    Returns
    -------
    dict
        For the provenance of a training.
    """
    return {name: environment[name] for name in _RECORDED if name in environment}
