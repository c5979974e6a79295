"""What a person's environment may and may not change."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from encluster.network import backend
from encluster.network.backend import check_environment, import_keras, recorded_environment
from encluster.running.checks import check


@pytest.mark.parametrize("name", ["torch", "openvino", "Jax", "tensorflow ", "none"])
def test_a_backend_that_is_not_ours_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^KERAS_BACKEND = {re.escape(repr(name))}: must be tensorflow or jax; wi"):
        check_environment({"KERAS_BACKEND": name})


@pytest.mark.parametrize(
    "given", [{}, {"KERAS_BACKEND": ""}, {"KERAS_BACKEND": "jax"}, {"KERAS_BACKEND": "tensorflow"}]
)
def test_ours_and_none_are_right(given: dict[str, str]) -> None:
    check_environment(given)


def test_it_is_looked_at_before_anything_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    with pytest.raises(ValueError, match="KERAS_BACKEND"):
        check(tmp_path / "results", {})
    assert not (tmp_path / "results").exists()


def test_keras_is_told_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"KERAS_HOME": "/somewhere", "KERAS_BACKEND": ""})
    monkeypatch.setattr("encluster.network.backend.importlib.util.find_spec", lambda name: name == "tensorflow" or None)
    import_keras()
    assert os.environ["KERAS_BACKEND"] == "tensorflow"
    assert not (Path(os.environ["KERAS_HOME"]) / "keras.json").exists()
    os.environ["KERAS_BACKEND"] = "jax"
    monkeypatch.setattr("encluster.network.backend.check_environment", lambda: None)
    with pytest.raises(ValueError, match=r"^KERAS_BACKEND = 'jax': is not installed here$"):
        import_keras()


def stderr_of_import(folder: Path, then: str) -> tuple[int, list[str]]:
    """Import a Keras that writes a note as C++ does, and then does `then`."""
    (folder / "keras.py").write_text(f"import os\nos.write(2, b'note from C++\\n')\n{then}\n")
    code = (
        "import sys; from encluster.network import backend; backend.import_keras(); print('afterward', file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.splitlines()


def test_notes_of_the_import_are_shown_only_when_it_fails(tmp_path: Path) -> None:
    assert stderr_of_import(tmp_path, "pass") == (0, ["afterward"])
    status, lines = stderr_of_import(tmp_path, "raise ImportError('no such library')")
    assert status == 1
    assert lines[0] == "note from C++"
    assert lines[-1] == "ImportError: no such library"


def test_the_real_import_says_nothing() -> None:
    code = "from encluster.network import backend; backend.import_keras(); print(backend.backend_name())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in backend.BACKENDS
    assert done.stderr == ""


def test_what_changes_numbers_is_written_down_and_nothing_else() -> None:
    given = {
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "XLA_FLAGS": "--xla_cpu_enable_fast_math=true",
        "HOME": "/home/a",
        "PATH": "b",
    }
    assert recorded_environment(given) == {name: given[name] for name in ("TF_ENABLE_ONEDNN_OPTS", "XLA_FLAGS")}
