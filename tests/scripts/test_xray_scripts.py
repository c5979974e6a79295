"""The X-ray commands as subprocesses: three clusters, and what a user can do wrong."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from encluster import hdf5
from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog, write_catalog
from encluster.xray.chunks import chunk_rows, profile_attributes
from harness import command, failed, overlay

CHUNKS = 17  # of 51 clusters: three a chunk
XRAY: dict[str, Any] = {"exposure_s": 30000.0, "chunks": CHUNKS}


def configured(folder: Path, **xray: object) -> tuple[str, Path]:
    return "--config", overlay(folder / "mine.yaml", seed=3, xray=XRAY | xray)


@pytest.fixture(scope="module")
def halos(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, HaloCatalog]:
    log_m = np.linspace(13.6, 14.6, 51)
    catalog = HaloCatalog(
        id=np.arange(51) + 100,
        m500c=10**log_m,
        r500c_kpc=Cosmology().r500c_kpc(10**log_m, 0.07),
        temperature=10 ** (0.59 + 0.63 * (log_m - 14.4)),
        lx=10 ** (0.25 + 1.73 * (log_m - 14.4)),
        m_gas=10 ** (13.396 + 1.194 * (log_m - 14.4)),
        f_core=np.full(51, np.nan),
        redshift=np.full(51, 0.0663),
        source="test",
        survey_redshift=0.07,
        log_m_limit=13.58,
        thinned=False,
    )
    path = tmp_path_factory.mktemp("halos") / "halos.ecsv"
    write_catalog(path, catalog)
    return path, catalog


def test_from_halos_to_profiles(halos: tuple[Path, HaloCatalog], tmp_path: Path) -> None:
    path, catalog = halos
    images, profiles = tmp_path / "images" / "5.fits", tmp_path / "profiles" / "5.h5"
    which = (*configured(tmp_path), "--halos", path, "--chunk", "5")
    result = command("observe", *which, "--output", images)
    assert result.returncode == 0, result.stderr
    assert "3 images of chunk 5 of 17" in result.stdout
    result = command("fit_profiles", *which, "--images", images, "--output", profiles)
    assert result.returncode == 0, result.stderr
    arrays, _ = hdf5.read_h5(profiles, "profiles")
    assert arrays["id"].tolist() == [105, 122, 139]
    np.testing.assert_allclose(arrays["m_gas"], arrays["m_gas_true"], rtol=0.06)

    before = profiles.read_bytes()
    images.write_bytes(images.read_bytes()[:20000])
    failed(command("fit_profiles", *which, "--images", images, "--output", profiles), "damaged or missing")
    assert profiles.read_bytes() == before

    parts = [profiles]
    for chunk in set(range(CHUNKS)) - {5}:
        rows = chunk_rows(catalog, chunk=chunk, chunks=CHUNKS)
        parts.append(tmp_path / "profiles" / f"{chunk}.h5")
        other = arrays | {"id": catalog.id[rows], "m500c": catalog.m500c[rows]}
        hdf5.write_h5(parts[-1], "profiles", other, profile_attributes(catalog))
    merged = tmp_path / "profiles.h5"
    result = command("merge_profiles", "--halos", path, "--output", merged, "--profiles", *parts)
    assert result.returncode == 0, result.stderr
    together, attributes = hdf5.read_h5(merged, "profiles")
    np.testing.assert_array_equal(together["id"], catalog.id)
    assert together["m_gas"][5] == arrays["m_gas"][0]
    assert attributes["source"] == "test"
    result = command("merge_profiles", "--halos", path, "--output", merged, "--profiles", *parts[:9])
    failed(result, "of the halo catalog are missing")


def test_photon_lists_of_the_portal(halos: tuple[Path, HaloCatalog], tmp_path: Path) -> None:
    path, _ = halos
    rng = np.random.default_rng(1)
    for cluster in (100, 117, 134):
        n = 20000
        radius = 0.02 * np.sqrt(rng.random(n) ** -0.8 - 1)
        angle = rng.uniform(0, 2 * np.pi, n)
        data = dict(ENERGY=rng.uniform(0.3, 3, n), RA=(radius * np.cos(angle)) % 360, DEC=radius * np.sin(angle))
        header = fits.Header(dict(REDSHIFT=0.066, MODE=1, AREA=600.0, TIME=3e4))
        columns = [fits.Column(name, "E", array=np.float32(values)) for name, values in data.items()]
        photons = fits.BinTableHDU.from_columns(columns, name="PHLIST")
        fits.HDUList([fits.PrimaryHDU(header=header), photons]).writeto(tmp_path / f"{cluster}.fits")
    config = configured(tmp_path, photons="simput", simput={"pattern": str(tmp_path / "{id}.fits")})
    which = (*config, "--halos", path, "--chunk", "0")
    images = tmp_path / "images.fits"
    result = command("observe", *which, "--output", images)
    assert result.returncode == 0, result.stderr
    profiles = tmp_path / "profiles.h5"
    result = command("fit_profiles", *which, "--images", images, "--output", profiles)
    assert result.returncode == 0, result.stderr
    assert hdf5.read_h5(profiles, "profiles")[0]["counts"].min() > 5000
    (tmp_path / "117.fits").unlink()
    result = command("observe", *which, "--output", images)
    failed(result, "117.fits: no such file")


def test_wrong_arguments_give_one_line(halos: tuple[Path, HaloCatalog], tmp_path: Path) -> None:
    which = ("--halos", halos[0], "--chunk", "99", "--output", tmp_path / "0.fits")
    failed(command("observe", *configured(tmp_path), *which), "chunk 99 of 17")
    failed(command("observe", *configured(tmp_path, metalicity=0.3), *which), "key 'xray.metalicity' is not known; did")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_a_wrong_wheel_gives_one_line(tmp_path: Path) -> None:
    wheel = tmp_path / "other.whl"
    wheel.write_bytes(b"not a wheel")
    result = command("make_emission_table", "--wheel", wheel, "--output", tmp_path / "table.csv")
    failed(result, "not the wheel of xrtpy 0.5.1")
