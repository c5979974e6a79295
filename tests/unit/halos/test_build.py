"""From the configuration's halos section to a catalog: what is refused, and what is passed on."""

from typing import Any

import pytest

from encluster.cosmology import Cosmology
from encluster.halos.build import build_catalog
from encluster.halos.catalog import HaloCatalog
from encluster.halos.settings import HaloSettings

SETTINGS: dict[str, Any] = dict(source="surrogate", path=None, columns={}, log_m_limit=13.7, n_clusters=80)


def build(**change: Any) -> HaloCatalog:
    halos = HaloSettings(**(SETTINGS | change))
    return build_catalog(halos, cosmology=Cosmology(), survey_redshift=0.07, mass_function="bocquet16", seed=1)


def test_settings_reach_the_surrogate() -> None:
    halos = build(redshift=0.1, evolution=dict(lx=0.0, temperature=0.0, m_gas=0.0))
    assert len(halos) == 80
    assert halos.source == "surrogate"
    assert halos.log_m_limit == 13.7
    assert (halos.redshift == 0.1).all()
    assert any("lx 0, temperature 0, m_gas 0, y500 2.41" in line for line in halos.provenance)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(source="magnetic"), "source = 'magnetic': must be one of surrogate, magneticum, table"),
        (dict(n_clusters=10), "n_clusters = 10: must be at least 50"),
        (dict(log_m_limits=13), "key 'log_m_limits' is not known; did you mean 'log_m_limit'?"),
        (dict(evolution=dict(t=0.3)), "key 'evolution.t' is not known"),
        (dict(source="table"), "path = null: halos.source = table needs the path of a list"),
        (dict(source="magneticum", path="/nowhere/list.npy"), "/nowhere/list.npy: no such file"),
        (dict(source="magneticum", path="/nowhere/list.npy", format="cvs"), "halos.format: 'cvs' is not known"),
        (dict(source="table", path="/nowhere/list.npy"), "columns = {}: halos.source = table needs {quantity"),
    ],
)
def test_wrong_settings(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as error:
        build(**change)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
