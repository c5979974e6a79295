"""Invented look-alikes of public tables (../shared/cases): what each must give."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encluster.cosmology import Cosmology
from encluster.halos.build import build_catalog
from encluster.halos.catalog import HaloCatalog
from encluster.halos.settings import HaloSettings
from encluster.running.configuration import Configuration
from encluster.running.size import expected_size

CASES = Path(__file__).parents[3] / "shared" / "cases"
COSMOLOGY = Cosmology()
DRAWN = {
    "id": {"column": "name"},
    "m500c": {"column": "M500", "unit": "1e14 Msun/h"},
    "temperature": {"column": "T", "unit": "keV"},
    "lx": {"column": "L", "unit": "1e44 erg/s"},
    "m_gas": {"column": "MG", "unit": "1e13 Msun/h"},
}
HIGH = {
    "id": {"column": "name"},
    "m500c": {"column": "M500", "unit": "Msun"},
    "temperature": {"column": "TX", "unit": "keV"},
    "lx": {"column": "LX", "unit": "erg/s"},
    "m_gas": {"column": "MGAS", "unit": "Msun"},
}
SURVEY = {
    "id": {"column": "NAME"},
    "redshift": {"column": "BEST_Z"},
    "m500c": {"column": "M500", "unit": "10**13 solMass"},
    "temperature": {"column": "KT", "unit": "keV"},
    "lx": {"column": "Lbol500", "unit": "1e42 erg/s"},
    "m_gas": {"column": "MGAS500", "unit": "10**11 solMass"},
    "r500c_kpc": {"column": "R500", "unit": "arcmin"},
}


def read(name: str, columns: dict[str, Any] | None = None, **halos: Any) -> HaloCatalog:
    if not CASES.is_dir():
        pytest.skip("needs ../shared/cases, which is absent here")
    settings = {"source": "table" if columns else "magneticum", "path": str(CASES / name), "columns": columns or {}}
    return build_catalog(
        HaloSettings(**{**settings, **halos}),
        cosmology=COSMOLOGY,
        survey_redshift=0.07,
        mass_function="bocquet16",
        seed=1,
    )


def test_a_portal_list_without_a_snapshot() -> None:
    """Its redshift column counts; read as z = 0.0663, the distant clusters would be 52 % too luminous."""
    halos = read("portal_without_snap_id.csv", thinned=True)
    assert len(set(halos.redshift)) == 2
    assert halos.redshift.max() == 0.29
    text = np.genfromtxt(CASES / "portal_without_snap_id.csv", delimiter=",", names=True)
    far = halos.redshift == 0.29
    listed = {int(row["uid"]): row["Lx"] for row in text}
    ratio = halos.lx[far] / [listed[int(cluster)] for cluster in halos.id[far]]
    np.testing.assert_allclose(ratio, (COSMOLOGY.e(0.07) / COSMOLOGY.e(0.29)) ** 3.88)
    assert 1 / ratio[0] > 1.5
    with pytest.raises(ValueError, match=r"'redshift' runs from .* set halos\.thinned: true"):
        read("portal_without_snap_id.csv")


def test_a_redshift_that_is_not_mapped() -> None:
    with pytest.raises(ValueError, match=r"column 'z' looks like a redshift.*redshift: fixed"):
        read("redshift_not_mapped.csv", HIGH)
    assert (read("redshift_not_mapped.csv", HIGH | {"redshift": {"column": "z"}}).redshift == 0.35).all()
    assert (read("redshift_not_mapped.csv", HIGH | {"redshift": "fixed"}, redshift=0.35).redshift == 0.35).all()


def test_massive_clusters_only() -> None:
    columns = {
        "m500c": {"column": "m500c", "unit": "Msun/h"},
        "temperature": {"column": "kT", "unit": "keV"},
        "lx": {"column": "lx", "unit": "1e44 erg/s"},
        "m_gas": {"column": "mgas", "unit": "Msun/h"},
    }
    halos = read("massive_only.csv", columns)
    with pytest.raises(ValueError, match=r"survey\.m_min is 10\^13\.60 .* set survey\.m_min: \{log10: 14\.30"):
        expected_size(Configuration(), halos)


@pytest.mark.parametrize("name", ["comments_before_header.csv", "units_line.txt", "pipe_table.txt"])
def test_text_as_people_write_it(name: str) -> None:
    halos = read(name, DRAWN)
    assert halos.names[:2] == ("halo_0", "halo_1")
    assert halos.m500c[0] == pytest.approx(6.9127e14)
    assert len(halos) > 50
    with pytest.raises(ValueError, match=r"M200c|Msun"):
        read(name, {**DRAWN, "m500c": {"column": "M500", "unit": "1.42e14 Msun/h"}})


def test_a_survey_with_bad_rows() -> None:
    with pytest.raises(ValueError, match=r"column 'KT', row 8 \(1inv J000007\): the value -1 is negative"):
        read("survey_like.fits", SURVEY, thinned=True)
    halos = read("survey_like.fits", SURVEY, thinned=True, on_bad="drop", log_m_limit=12)
    assert len(halos) == 117
    assert any("3 bad rows dropped (halos.on_bad = drop): rows 8, 51, 52" in line for line in halos.provenance)
    with pytest.raises(ValueError, match=r"'M500': the file states the unit '1e\+13 solMass', the column map '1e14"):
        read("survey_like.fits", SURVEY | {"m500c": {"column": "M500", "unit": "1e14 Msun"}}, thinned=True)
    with pytest.raises(ValueError, match="column 'BEST_Z' looks like a redshift"):
        read("survey_like.fits", {key: entry for key, entry in SURVEY.items() if key != "redshift"})
