"""Chunks of the X-ray stage, its settings, and merging."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encluster import hdf5
from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.layouts import LAYOUTS
from encluster.xray.chunks import chunk_rows, fit_images, merge, profile_attributes, simulate_images
from encluster.xray.density import N_SHELLS, shell_radii
from encluster.xray.images import read_images, write_images
from encluster.xray.settings import XraySettings

XRAY = XraySettings(chunks=2, exposure_s=30000.0)
OPTIONS: dict[str, Any] = dict(cosmology=Cosmology(), mass_function="bocquet16", seed=3)


def catalog(n: int = 50) -> HaloCatalog:
    log_m = np.linspace(13.6, 14.6, n)
    return HaloCatalog(
        id=np.arange(n)[::-1] + 100,
        m500c=10**log_m,
        r500c_kpc=Cosmology().r500c_kpc(10**log_m, 0.07),
        temperature=10 ** (0.59 + 0.63 * (log_m - 14.4)),
        lx=10 ** (0.25 + 1.73 * (log_m - 14.4)),
        m_gas=10 ** (13.396 + 1.194 * (log_m - 14.4)),
        f_core=np.where(np.arange(n) % 2 == 0, np.nan, 0.3),
        redshift=np.full(n, 0.0663),
        source="test",
        survey_redshift=0.07,
        log_m_limit=13.58,
        thinned=False,
    )


def test_chunks_partition_the_catalog() -> None:
    rows = [chunk_rows(catalog(), chunk=k, chunks=7) for k in range(7)]
    assert sorted(np.concatenate(rows).tolist()) == list(range(50))
    with pytest.raises(ValueError, match="chunk 7 of 7"):
        chunk_rows(catalog(), chunk=7, chunks=7)
    with pytest.raises(ValueError, match="<= 50 clusters"):
        chunk_rows(catalog(), chunk=0, chunks=51)


def test_an_image_does_not_depend_on_its_chunk() -> None:
    alone = list(simulate_images(catalog(), np.array([9]), XRAY, **OPTIONS))
    among = list(simulate_images(catalog(), np.array([3, 9, 21]), XRAY, **OPTIONS))
    assert alone[0].cluster == among[1].cluster == 140
    np.testing.assert_array_equal(alone[0].counts, among[1].counts)
    assert alone[0].counts.sum() > 1000


def test_images_to_rows(tmp_path: Path) -> None:
    rows, halos = np.array([4, 20, 36]), catalog()
    path = tmp_path / "0.fits"
    images = simulate_images(halos, rows, XRAY, **OPTIONS)
    write_images(path, images, number=3, telescope=XRAY, source="test")
    fit = partial(fit_images, cosmology=Cosmology(), where=str(path))
    arrays = fit(read_images(path), halos, rows, XRAY)
    hdf5.write_h5(tmp_path / "0.h5", "profiles", arrays, profile_attributes(halos))
    read, attributes = hdf5.read_h5(tmp_path / "0.h5", "profiles")
    assert attributes["source"] == "test"
    assert attributes["density_parameters"].startswith("n0 [cm^-3], rc_kpc [kpc]")
    np.testing.assert_array_equal(read["id"], halos.id[rows])
    np.testing.assert_allclose(read["m_gas"], halos.m_gas[rows], rtol=0.06)
    np.testing.assert_allclose(read["m_gas_shell"].sum(axis=1), read["m_gas"], rtol=1e-12)
    assert np.all(read["gamma"] < 0)
    assert np.all(read["gamma"][:, -1] < read["gamma"][:, 0])
    for bad_rows, message in ((np.array([4, 21, 36]), "image 2 is of cluster"), (rows[:2], "has none here")):
        with pytest.raises(ValueError, match=message):
            fit(read_images(path), halos, bad_rows, XRAY)
    with pytest.raises(ValueError, match="3 images, the catalog has 4"):
        fit(read_images(path), halos, np.array([4, 20, 36, 40]), XRAY)
    with pytest.raises(ValueError, match="420 pixels per side, the configuration has 300"):
        fit(read_images(path), halos, rows, XRAY.changed({"field_arcmin": 30.0}))


def write_part(path: Path, halos: HaloCatalog, rows: np.ndarray, **changed: Any) -> Path:
    sizes = dict(n=len(rows), shell=N_SHELLS, parameter=9, edge=25, annulus=24)
    arrays = {
        name: np.full([sizes[axis] for axis in column.shape], 1, dtype=column.dtype)
        for name, column in LAYOUTS["profiles"].items()
    }
    arrays |= (
        dict(radius=shell_radii(), id=halos.id[rows], m500c=halos.m500c[rows], m_gas=np.asarray(rows, dtype=float))
        | changed
    )
    hdf5.write_h5(path, "profiles", arrays, profile_attributes(halos))
    return path


def test_merging_restores_the_order_of_the_catalog(tmp_path: Path) -> None:
    halos = catalog()
    rows = [chunk_rows(halos, chunk=k, chunks=3) for k in (2, 0, 1)]
    paths = [write_part(tmp_path / f"{k}.h5", halos, part) for k, part in enumerate(rows)]
    merged = merge(halos, paths)
    np.testing.assert_array_equal(merged["id"], halos.id)
    np.testing.assert_array_equal(merged["m_gas"], np.arange(50.0))
    with pytest.raises(ValueError, match=r"cluster 148 and 16 more .* missing"):
        merge(halos, [paths[0], paths[1]])
    with pytest.raises(ValueError, match=r"cluster 147 is in .*0.h5 too"):
        merge(halos, [*paths, paths[0]])
    with pytest.raises(ValueError, match="source is 'test', the halo catalog's is 'other'"):
        merge(replace(halos, source="other"), paths)
    np.testing.assert_array_equal(merged["radius"], shell_radii())
    write_part(paths[1], halos, rows[1], radius=shell_radii(0.2))
    with pytest.raises(ValueError, match=r"1\.h5: the first shell ends at 0\.2 R500c, in .*0\.h5 at 0\.1;"):
        merge(halos, paths)
    write_part(paths[1], halos, rows[1])
    write_part(paths[0], halos, rows[0], m500c=halos.m500c[rows[0]] * 1.1)
    with pytest.raises(ValueError, match="cluster 147 has m500c"):
        merge(halos, paths)
    write_part(paths[0], halos, rows[0], id=np.append(halos.id[rows[0]][:-1], 7))
    with pytest.raises(ValueError, match="cluster 7 is not in the halo catalog"):
        merge(halos, paths)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"wavelets": {}}, r"^key 'wavelets' is not known; did you mean 'wavelet'"),
        ({"wavelet": {"peak": 5}}, r"^key 'wavelet.peak' is not known; known here: first_scale"),
        ({"wavelet": {"peak_sigma": 2}}, r"^wavelet.peak_sigma = 2.0: must be at least edge_sigma, 2.5"),
        ({"energy_band_kev": [0.5, 7.0]}, r"^energy_band_kev = \[0.5, 7.0\]: must be \[0.5, 2.0\], the band of"),
        ({"annuli": 3}, r"^annuli = 3: must be at least 12 \(number of annuli of a brightness profile\)"),
        ({"clumps": {"emission_fraction": 2}}, r"^clumps.emission_fraction = 2: must be at most 0.5"),
        ({"area_cm2": 0}, r"^area_cm2 = 0: must be above 0"),
        ({"pixel_arcsec": 7.1}, r"^field_arcmin = 42.0: is 354.93 pixels wide; must be a whole number"),
        ({"photons": "simput"}, r"^simput.pattern = null: xray.photons = simput needs a path with \{id\} in it"),
    ],
)
def test_wrong_settings_are_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        XraySettings(**changed)
