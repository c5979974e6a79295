"""Numbers of Fig. 17: the abundances of Fig. 1 with a smoothed transition, for a smaller and a larger volume."""

from typing import Any

import pandas as pd

from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import ScalingRelations
from encluster.reductions.fig01 import abundances

SETTINGS = ("cosmology", "mass_function", "box_mpc_h", "survey", "mocks", "mock_sets")
SETS = ("smaller", "larger")


def reduce(halos: HaloCatalog, scaling: ScalingRelations, settings: Any) -> pd.DataFrame:
    """Return one row per mass bin, line and set of mocks; a set's ``survey`` overlays the common one.

    Columns: ``set`` (smaller, larger), ``volume_fraction``, ``smoothing_dex``, and those of
    `encluster.reductions.fig01`.
    """
    parts = []
    for name in SETS:
        own = settings.survey.changed(settings.mock_sets[name].survey)
        lines = abundances(halos, scaling, own, settings)
        parts.append(lines.assign(set=name, volume_fraction=own.volume_fraction, smoothing_dex=own.smoothing_dex))
    return pd.concat(parts, ignore_index=True)
