"""Fixtures for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from colossus.cosmology import cosmology as colossus_cosmology

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _colossus_state_is_left_alone() -> Iterator[None]:
    """Fail a test after which COLOSSUS's global cosmology is another one."""
    before = colossus_cosmology.current_cosmo
    yield
    after = colossus_cosmology.current_cosmo
    colossus_cosmology.current_cosmo = before
    assert after is before, "the test changed COLOSSUS's global cosmology"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real records that lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/data, which is absent here")
    return SHARED
