"""Luminosity of a mock cluster from a simulated cluster near in mass, Figure 3."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import fig03
from encluster.halos.scaling import TABLE2
from factories import configuration, scaling_relations, surrogate


def test_fig03_moves_the_offset_of_a_neighbor() -> None:
    relations = {name: replace(law, scatter=0.12) for name, law in TABLE2.items()}
    law = relations["lx"]
    data = fig03.reduce(surrogate(400), scaling_relations(relations=relations), configuration())

    def point(panel: str, item: str) -> pd.Series:
        return data[(data["panel"] == panel) & (data["item"] == item)].iloc[0]

    neighbor = point("same relation", "neighbor")
    offset = neighbor["log_lx"] - law.log_x(neighbor["log_m"])
    assert abs(neighbor["log_m"] - 14.0) <= 0.1
    assert abs(offset) > 0.05
    assert point("same relation", "new")["log_lx"] == pytest.approx(law.log_x(np.array(14.0)) + offset)
    # biases 1.3, 0.7, 1.3 of normalization, slope and scatter, written out
    other = 0.7 * law.slope * (14.0 - 14.4) + law.log_x0 + np.log10(1.3) + 1.3 * offset
    assert point("other relation", "new")["log_lx"] == pytest.approx(other)
