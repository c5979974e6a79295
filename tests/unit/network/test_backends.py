"""The tests of network, training and interpretation once more, on JAX; and models that change backends."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from encluster.network.architecture import TINY
from encluster.network.model import build, predict
from factories import SIZES, made_up_features

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

HERE = Path(__file__).parent
CHOSEN = (
    "(slotted_equals_plain and mean) or other_backend or terse_value or (interrupted_training and modern)"
    " or (naive_way and mean-2) or central_differences or side_by_side or precise"
    " or same_bits or does_not_fit"
)


def test_jax_does_the_same(tmp_path: Path) -> None:
    pytest.importorskip("jax")
    if keras.backend.backend() == "jax":
        pytest.skip("this is JAX already")
    model = build(TINY, seed=4)
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "predicted.npy", predict(model, made_up_features(SIZES)))
    environment = {
        **os.environ,
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "JAX_ENABLE_X64": "1",
        # the tests compile much and compute little
        "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
        "ENCLUSTER_TEST_OTHER_BACKEND": str(tmp_path),
    }
    names = ("network/test_model", "training/test_loop", "interpretation/test_network_interpretation")
    files = [HERE.parent / f"{name}.py" for name in names]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-k", CHOSEN, *map(str, files)],
        env=environment,
        cwd=HERE.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout
    assert " passed" in done.stdout
