"""What a person's environment may and may not change."""

import os
import re
from pathlib import Path

import pytest

from encluster.environment import check_environment, prepare_keras, recorded_environment
from encluster.preflight import check


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
    monkeypatch.setattr("encluster.environment.importlib.util.find_spec", lambda name: name == "tensorflow" or None)
    prepare_keras()
    assert os.environ["KERAS_BACKEND"] == "tensorflow"
    assert not (Path(os.environ["KERAS_HOME"]) / "keras.json").exists()
    os.environ["KERAS_BACKEND"] = "jax"
    monkeypatch.setattr("encluster.environment.check_environment", lambda: None)
    with pytest.raises(ValueError, match=r"^KERAS_BACKEND = 'jax': is not installed here$"):
        prepare_keras()


def test_what_changes_numbers_is_written_down_and_nothing_else() -> None:
    given = {
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "XLA_FLAGS": "--xla_cpu_enable_fast_math=true",
        "HOME": "/home/a",
        "PATH": "b",
    }
    assert recorded_environment(given) == {name: given[name] for name in ("TF_ENABLE_ONEDNN_OPTS", "XLA_FLAGS")}
