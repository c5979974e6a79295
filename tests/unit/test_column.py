"""Columns of several quantities."""

import numpy as np
import pytest

from encluster.column import Column
from factories import RADII


def test_one_quantity_of_several_keeps_its_radii() -> None:
    values = np.random.default_rng(0).random((8, 15))
    quantities = ("log_temperature", *["log_m_gas_shell"] * 7, *["gamma"] * 7)
    column = Column(values=values, radii=np.array([np.nan, *RADII, *RADII]), quantities=quantities)
    gamma = column.of("gamma")
    np.testing.assert_array_equal(gamma.values, values[:, 8:])
    np.testing.assert_array_equal(gamma.radii, RADII)
    assert gamma.quantities == ("gamma",) * 7
    with pytest.raises(ValueError, match="no value of 'beta', expected it among its quantities"):
        column.of("beta")
