"""Numbers of Fig. 17: the abundances of Fig. 1 with a smoothed transition, for a smaller and a larger volume."""

from typing import Any

import pandas as pd

from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import ScalingRelations
from encluster.reductions.fig01 import reduce as abundances

SETS = ("smaller", "larger")


def reduce(halos: HaloCatalog, scaling: ScalingRelations, spec: dict[str, Any]) -> pd.DataFrame:
    """Return one row per mass bin, line and set of mocks; a set's ``survey`` overlays the common one.

    Columns: ``set`` (smaller, larger), ``volume_fraction``, ``smoothing_dex``, and those of
    `encluster.reductions.fig01`.
    """
    parts = []
    for name in SETS:
        survey = {**spec["survey"], **spec["mock_sets"][name]["survey"]}
        lines = abundances(halos, scaling, {**spec, "survey": survey})
        columns = {"set": name, "volume_fraction": survey["volume_fraction"], "smoothing_dex": survey["smoothing_dex"]}
        parts.append(lines.assign(**columns))
    return pd.concat(parts, ignore_index=True)
