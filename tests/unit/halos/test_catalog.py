"""The catalog's contract, and its file."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog, read_catalog, write_catalog
from encluster.halos.contract import CONTRACT


def content(n: int = 60) -> dict[str, Any]:
    rng = np.random.default_rng(5)
    m500c = 10 ** rng.uniform(13.6, 15, n)
    return dict(
        id=np.arange(100, 100 + n),
        m500c=m500c,
        r500c_kpc=Cosmology().r500c_kpc(m500c, 0.07),
        temperature=rng.uniform(1, 9, n),
        lx=rng.uniform(0.1, 30, n),
        m_gas=0.1 * m500c,
        f_core=np.append(np.nan, rng.uniform(0, 1, n - 1)),
        y500=np.append(10 ** rng.uniform(-6, 3, n - 1), np.nan),
        redshift=np.full(n, 0.0663),
        source="test",
        survey_redshift=0.07,
        log_m_limit=13.58,
        thinned=False,
        provenance=("made by a test: with a colon", "Gas 'quoted', und Ümlaute"),
    )


@pytest.fixture
def catalog() -> HaloCatalog:
    return HaloCatalog(**content())


def test_file_returns_the_catalog_to_the_last_bit(tmp_path: Path, catalog: HaloCatalog) -> None:
    path = tmp_path / "halos.ecsv"
    write_catalog(path, catalog)
    back = read_catalog(path)
    for column in fields(HaloCatalog):
        ours, theirs = getattr(catalog, column.name), getattr(back, column.name)
        if column.name in CONTRACT:
            assert theirs.dtype == ours.dtype
            np.testing.assert_array_equal(theirs, ours)
        else:
            assert theirs == ours
    assert np.isnan(back.f_core).sum() == 1
    assert np.isnan(back.y500).sum() == 1
    write_catalog(tmp_path / "again.ecsv", back)
    assert (tmp_path / "again.ecsv").read_bytes() == path.read_bytes()


def test_compton_parameter_need_not_be_given(tmp_path: Path) -> None:
    without = {name: value for name, value in content().items() if name != "y500"}
    write_catalog(tmp_path / "halos.ecsv", HaloCatalog(**without))
    back = read_catalog(tmp_path / "halos.ecsv")
    assert back.y500.shape == (60,)
    assert np.isnan(back.y500).all()


def test_file_says_its_units(tmp_path: Path, catalog: HaloCatalog) -> None:
    write_catalog(tmp_path / "halos.ecsv", catalog)
    header = [line for line in (tmp_path / "halos.ecsv").read_text().splitlines() if line.startswith("#")]
    for name, contract in CONTRACT.items():
        assert any(f"name: {name}," in line for line in header)
        assert contract.description
        assert contract.low < contract.high


def test_arrays_cannot_be_changed(catalog: HaloCatalog) -> None:
    with pytest.raises(ValueError, match="read-only"):
        catalog.m500c[0] = 1
    assert len(catalog) == 60
    np.testing.assert_allclose(10**catalog.log_m, catalog.m500c)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("m500c", np.nan, "column 'm500c', row 4 (id 103): the value is nan; a number in 1e+12 ... 1e+16 Msun/h"),
        ("m500c", -1e14, "row 4 (id 103): the value -1e+14 is negative; it must lie in 1e+12 ... 1e+16 Msun/h"),
        ("m500c", 0, "row 4 (id 103): the value 0 is zero"),
        ("m500c", 2.5, "the value 2.5 is outside 1e+12 ... 1e+16 Msun/h; it looks as if a factor 1e14 were missing"),
        ("m500c", 14.2, "it looks like log10 of the mass"),
        ("m500c", 2.5e4, "a factor 1e10 were missing"),
        ("m500c", 2e47, "it looks like grams"),
        ("temperature", np.nan, "column 'temperature', row 4 (id 103): the value is nan"),
        ("temperature", 0, "column 'temperature', row 4 (id 103): the value 0 is zero; it must lie in 0.05 ... 30 keV"),
        ("temperature", -2, "the value -2 is negative"),
        ("temperature", 4e7, "it looks like kelvin"),
        (
            "lx",
            2e44,
            "column 'lx', row 4 (id 103): the value 2e+44 is outside 1e-05 ... 10000 1e44 erg/s; it looks like",
        ),
        ("lx", np.inf, "the value is inf"),
        ("m_gas", 0.1, "it looks like a gas fraction"),
        ("m_gas", 1e15, "the gas fraction m_gas / m500c = "),
        ("f_core", 1.2, "column 'f_core', row 4 (id 103): the value 1.2 is outside 0 ... 1"),
        ("y500", 0, "column 'y500', row 4 (id 103): the value 0 is zero; it must lie in 1e-12 ... 1e+18"),
        ("y500", -3, "column 'y500', row 4 (id 103): the value -3 is negative"),
        ("y500", np.inf, "column 'y500', row 4 (id 103): the value is inf"),
        ("redshift", -0.1, "column 'redshift', row 4 (id 103): the value -0.1 is outside 0 ... 3"),
        ("r500c_kpc", 1.1, "it looks like Mpc"),
        ("r500c_kpc", 1500, "the radius is 1500 kpc, but the mass implies"),
    ],
)
def test_contract(name: str, value: float, message: str) -> None:
    columns = content()
    columns["m500c"][3] = 10**13.9
    columns["r500c_kpc"] = Cosmology().r500c_kpc(columns["m500c"], 0.07)
    columns["m_gas"][3] = 10**12.9
    HaloCatalog(**columns)
    columns[name][3] = value
    with pytest.raises(ValueError, match="halo catalog") as error:
        HaloCatalog(**columns)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_duplicate_ids(catalog: HaloCatalog) -> None:
    ids = catalog.id.copy()
    ids[40] = ids[7]
    with pytest.raises(ValueError, match="column 'id', rows 8 and 41: both have the id 107; ids must be unique"):
        replace(catalog, id=ids)


def test_fewer_than_50_clusters() -> None:
    with pytest.raises(ValueError, match="49 clusters; at least 50 are needed"):
        HaloCatalog(**content(49))
    assert len(HaloCatalog(**content(50))) == 50


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(log_m_limit=14.0), "below log_m_limit = 14"),
        (dict(log_m_limit=3.8e13), "log_m_limit = 38000000000000.0 must lie in 12 ... 16"),
        (dict(survey_redshift=0.0), "survey_redshift = 0.0 must lie in"),
        (dict(source=""), "'source' is empty"),
        (dict(lx=np.ones(59)), "column 'lx' has shape (59,), 'id' has (60,)"),
        (dict(y500=np.ones(59)), "column 'y500' has shape (59,), 'id' has (60,)"),
    ],
)
def test_what_belongs_to_the_whole(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match="halo catalog") as error:
        HaloCatalog(**(content() | change))
    assert message in str(error.value)


def damaged(text: str, how: str) -> str:
    lines = text.splitlines(keepends=True)
    return {
        "no rows at the end": "".join(lines[:-10]),
        "half a row": text[: -len(lines[-1]) + 30],
        "only the header": "".join(line for line in lines if line.startswith("#")),
        "not ecsv": "id,m500c\n1,2\n",
        "other format": text.replace("format: halos", "format: profiles"),
        "other version": text.replace("format_version: 1", "format_version: 9"),
        "no column": text.replace("lx", "luminosity"),
        "no optional column": text.replace("y500", "ysz"),
        "no source": text.replace("{source: test}", "{sauce: test}"),
        "a word": text.replace(lines[-1].split()[4], "bright"),
        "a bad value": text.replace(lines[-1].split()[3], "-1.0"),
    }[how]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("no rows at the end", "50 rows where 60 were written; make it again"),
        ("half a row", "not a readable ECSV file"),
        ("only the header", "halos.ecsv"),
        ("not ecsv", "not a readable ECSV file"),
        ("other format", "holds format 'profiles', expected 'halos'"),
        ("other version", "format version 9, expected 1"),
        ("no column", "column 'lx' is missing; there are id, m500c"),
        ("no optional column", "column 'y500' is missing; there are id, m500c"),
        ("no source", "the header lacks 'source'"),
        ("a word", "halos.ecsv"),
        ("a bad value", "column 'temperature', row 60 (id 159): the value -1 is negative"),
    ],
)
def test_damaged_files(tmp_path: Path, catalog: HaloCatalog, how: str, message: str) -> None:
    path = tmp_path / "halos.ecsv"
    write_catalog(path, catalog)
    path.write_text(damaged(path.read_text(), how))
    with pytest.raises(ValueError, match=r"halos\.ecsv") as error:
        read_catalog(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_and_empty_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.ecsv: no such file"):
        read_catalog(tmp_path / "none.ecsv")
    (tmp_path / "empty.ecsv").touch()
    with pytest.raises(ValueError, match=r"empty\.ecsv: the file is empty"):
        read_catalog(tmp_path / "empty.ecsv")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, catalog: HaloCatalog, monkeypatch: Any) -> None:
    path = tmp_path / "halos.ecsv"
    write_catalog(path, catalog)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("astropy.table.Table.write", full)
    with pytest.raises(ValueError, match="cannot be written \\(No space left on device\\); nothing was changed"):
        write_catalog(path, replace(catalog, source="other"))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["halos.ecsv"]
