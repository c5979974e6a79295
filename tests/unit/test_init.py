"""The names that a notebook needs."""

import subprocess
import sys

import pytest

import encluster


def test_every_name_can_be_loaded() -> None:
    assert len(encluster.__all__) > 10
    for name in encluster.__all__:
        assert getattr(encluster, name) is not None
    assert set(encluster.__all__) <= set(dir(encluster))


def test_another_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'encluster' has no attribute 'load_modle'$"):
        _ = encluster.load_modle


def test_nothing_is_loaded_before_it_is_used() -> None:
    code = (
        "import sys, encluster; heavy = {'keras', 'tensorflow', 'astropy', 'scipy', 'h5py', 'pandas', 'pydantic'}\n"
        "assert not heavy & set(sys.modules)\n"
        "encluster.HaloCatalog; assert 'keras' not in sys.modules\n"
        "encluster.load_model; assert 'keras' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr == ""
