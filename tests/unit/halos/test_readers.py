"""Readers of lists: every form in its exact layout, units, and every way in which a file can be wrong."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.table import Table

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.readers import read_records
from encluster.halos.records import Records, bring_to_survey
from encluster.halos.settings import Evolution

COSMOLOGY = Cosmology()
H = COSMOLOGY.h
N = 60


class Truth:
    """60 clusters, as a simulation would list them at redshift z."""

    def __init__(self, z: float = 0.0663) -> None:
        rng = np.random.default_rng(8)
        self.z = z
        self.id = 1000 + np.arange(N)
        self.m500c = np.sort(10 ** rng.uniform(13.6, 15, N))[::-1]
        self.temperature = 3.9 * (self.m500c / 10**14.4) ** 0.63 * np.exp(0.1 * rng.standard_normal(N))
        self.lx = 1.8 * (self.m500c / 10**14.4) ** 1.73 * np.exp(0.3 * rng.standard_normal(N))
        self.gas_fraction = rng.uniform(0.07, 0.12, N)
        self.f_core = rng.uniform(0.1, 0.6, N)
        self.y500 = rng.uniform(1.5, 70, N)
        self.r500c_kpc = COSMOLOGY.r500c_kpc(self.m500c, z)
        self.r500c_comoving_kpc_h = self.r500c_kpc * (1 + z) * H


def read(path: Path, **options: Any) -> Records:
    return read_records(path, cosmology=COSMOLOGY, **({"redshift": 0.0663} | options))


def catalog(records: Records, **options: Any) -> HaloCatalog:
    defaults = dict(survey_redshift=0.07, evolution=Evolution(), log_m_limit=13.58, thinned=False, source="test")
    return bring_to_survey(records, cosmology=COSMOLOGY, **(defaults | options))


def matches(records: Records, truth: Truth, rtol: float = 2e-5) -> None:
    np.testing.assert_allclose(records.m500c, truth.m500c, rtol=rtol)
    np.testing.assert_allclose(records.temperature, truth.temperature, rtol=rtol)
    np.testing.assert_allclose(records.lx, truth.lx, rtol=rtol)
    np.testing.assert_allclose(records.m_gas, truth.gas_fraction * truth.m500c, rtol=2 * rtol)
    np.testing.assert_allclose(records.y500, truth.y500, rtol=rtol)
    np.testing.assert_allclose(records.redshift, truth.z)


def cluster_txt(truth: Truth) -> str:
    header = (
        "#uid x[kpc/h] y[kpc/h] z[kpc/h] x_pix y_pix i_sector m500c[Msol/h] r500c[kpc/h] gas_frac star_frac T[kev]"
        " Lx[1e44erg/s] Y500c M_sat/M_cD cshift vx[km/s] vy[km/s] vz[km/s]"
    )
    rows = [
        f"{truth.id[i]} 332221.2 158812.5 180075.4 15463 8991 11"
        f" {truth.m500c[i]:.6e} {truth.r500c_comoving_kpc_h[i]:.5g}"
        f" {truth.gas_fraction[i]:.7f} 0.0293 {truth.temperature[i]:.6g} {truth.lx[i]:.6g}"
        f" {truth.y500[i]:.6g} 0.34 0.054 -126.6 570.4 -377.7"
        for i in range(N)
    ]
    return "\n".join([header, *rows]) + "\n"


def cluster_dat(truth: Truth, *, header: bool, flags: np.ndarray) -> str:
    names = (
        "# ihal x_pix y_pix z_pix Rrel Mvir z_true z_obs M500 R500 Mstar500 Mgas500 T500 Lx500 Ysz500 M200 R200 flag"
    )
    rows = [
        f"{truth.id[i]} 12 30 44 0.2 {1.4 * truth.m500c[i]:.6e} {truth.z} {truth.z + 0.001} {truth.m500c[i]:.6e} 800.0"
        f" 1e12 {truth.gas_fraction[i] * truth.m500c[i]:.6e} {truth.temperature[i]:.6g} {truth.lx[i]:.6g}"
        f" {truth.y500[i]:.6g} {1.3 * truth.m500c[i]:.6e} 1200.0 {flags[i]}"
        for i in range(N)
    ]
    return "\n".join([names, *rows] if header else rows) + "\n"


def dataset_csv(truth: Truth) -> str:
    lines = [
        "# id, snap_id, uid, x, y, z, m500c[Msol/h], r500c[kpc/h], gas_frac, T[kev], Lx[1e44erg/s], Y500c, M_sat/M_cD"
    ]
    lines += [
        f"{truth.id[i]}, 22, {i}, 1.5, 2.5, 3.5, {truth.m500c[i]:.6e}, {truth.r500c_comoving_kpc_h[i]:.5g},"
        f" {truth.gas_fraction[i]:.7f}, {truth.temperature[i]:.6g}, {truth.lx[i]:.6g}, {truth.y500[i]:.6g}, None"
        for i in range(N)
    ]
    return "\n".join(lines) + "\n"


def green_list(truth: Truth, *, core: bool = False) -> np.ndarray:
    columns: dict[str, Any] = {
        "id": truth.id.astype("i4"),
        "snap_id": np.full(N, 22, "i4"),
        "uid": np.arange(N, dtype="i4"),
        "M500_msolh": truth.m500c.astype("f4"),
        "r500_kpch": truth.r500c_comoving_kpc_h.astype("f4"),
        "gas_frac": truth.gas_fraction.astype("f4"),
        "T_kev": truth.temperature.astype("f4"),
        "Lx_ergs": truth.lx.astype("f4"),
        "Y500c": truth.y500.astype("f4"),
        "simname": np.full(N, b"2"),
        "redshift": np.full(N, truth.z),
    }
    if core:
        columns["f_core15"] = truth.f_core
    array = np.empty(N, [(name, values.dtype) for name, values in columns.items()])
    for name, values in columns.items():
        array[name] = values
    return array


@pytest.fixture
def truth() -> Truth:
    return Truth()


@pytest.mark.parametrize("form", ["auto", "cluster.txt"])
@pytest.mark.parametrize("zipped", [False, True])
def test_cluster_txt(tmp_path: Path, truth: Truth, form: str, zipped: bool) -> None:
    path = tmp_path / ("cluster.txt.gz" if zipped else "cluster.txt")
    text = cluster_txt(truth).encode()
    path.write_bytes(gzip.compress(text) if zipped else text)
    records = read(path, form=form)
    matches(records, truth)
    np.testing.assert_array_equal(records.id, truth.id)
    assert np.isnan(records.f_core).all()
    halos = catalog(records)
    np.testing.assert_allclose(halos.r500c_kpc, COSMOLOGY.r500c_kpc(truth.m500c, 0.07), rtol=1e-5)
    assert halos.provenance[0].startswith(f"cluster.txt: {path.name}, 60 rows, sha256 ")
    assert "z = 0.0663 from the configuration" in halos.provenance[1]


@pytest.mark.parametrize("header", [True, False])
def test_light_cone_keeps_what_is_fully_inside(tmp_path: Path, truth: Truth, header: bool) -> None:
    flags = np.zeros(N, int)
    flags[[3, 17]] = 1, 2
    path = tmp_path / "cluster.dat"
    path.write_text(cluster_dat(truth, header=header, flags=flags))
    records = read(path)
    assert len(records) == 58
    np.testing.assert_array_equal(records.id, truth.id[flags == 0])
    np.testing.assert_allclose(records.m500c, truth.m500c[flags == 0], rtol=1e-6)
    np.testing.assert_allclose(records.m_gas, (truth.gas_fraction * truth.m500c)[flags == 0], rtol=1e-5)
    np.testing.assert_allclose(records.y500, truth.y500[flags == 0], rtol=1e-5)
    np.testing.assert_allclose(records.redshift, truth.z)
    assert records.provenance[-1] == "2 clusters dropped that are not fully inside the light cone"


def test_rows_are_those_of_the_file_after_a_selection(tmp_path: Path, truth: Truth) -> None:
    flags = np.zeros(N, int)
    flags[:4] = 1
    truth.temperature[9] = 0
    path = tmp_path / "cluster.dat"
    path.write_text(cluster_dat(truth, header=True, flags=flags))
    with pytest.raises(ValueError, match="column 'T500', row 10 \\(id 1009\\): the value 0 is zero"):
        catalog(read(path))


def test_portal_query(tmp_path: Path, truth: Truth) -> None:
    path = tmp_path / "dataset.csv"
    path.write_text(dataset_csv(truth))
    records = read(path)
    matches(records, truth)
    np.testing.assert_array_equal(records.id, truth.id)


def test_compton_parameter_may_be_missing(tmp_path: Path, truth: Truth) -> None:
    path = tmp_path / "dataset.csv"
    lines = dataset_csv(truth).splitlines()
    words = lines[4].split(", ")
    words[-2] = "None"
    path.write_text("\n".join([*lines[:4], ", ".join(words), *lines[5:]]) + "\n")
    assert np.flatnonzero(np.isnan(catalog(read(path)).y500)).tolist() == [3]
    for form, text in (("dataset.csv", dataset_csv(truth)), ("cluster.txt", cluster_txt(truth))):
        (tmp_path / form).write_text(text.replace("Y500c", "other"))
        assert np.isnan(catalog(read(tmp_path / form)).y500).all()
    columns = {key: entry for key, entry in MAP.items() if key != "y500"}
    odd_table(truth).write(tmp_path / "t.csv", format="ascii.csv")
    assert np.isnan(read(tmp_path / "t.csv", columns=columns).y500).all()


def test_portal_query_without_what_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "dataset.csv"
    path.write_text("# id, snap_id, uid, x, y, z\n" + "17, 22, 3, 1.0, 2.0, None\n" * N)
    with pytest.raises(ValueError, match=r"dataset\.csv") as error:
        read(path)
    assert "lacks m500c, temperature, lx, m_gas (or gas_fraction) (columns m500c, gas_frac, T, Lx)" in str(error.value)
    assert "there are id, snap_id, uid, x, y, z" in str(error.value)


@pytest.mark.parametrize("core", [False, True])
def test_green_list_as_npy_and_csv(tmp_path: Path, core: bool) -> None:
    truth = Truth(0.21)
    np.save(tmp_path / "list.npy", green_list(truth, core=core), allow_pickle=False)
    table = Table(green_list(truth, core=core))
    table.write(tmp_path / "list.csv", format="ascii.csv")
    (tmp_path / "list.csv.gz").write_bytes(gzip.compress((tmp_path / "list.csv").read_bytes()))
    for name in ("list.npy", "list.csv", "list.csv.gz"):
        records = read(tmp_path / name)
        matches(records, truth)
        assert records.r500c_kpc is not None
        np.testing.assert_allclose(records.r500c_kpc, truth.r500c_kpc, rtol=1e-5)
        if core:
            np.testing.assert_allclose(records.f_core, truth.f_core)
        else:
            assert np.isnan(records.f_core).all()


MAP: dict[str, Any] = {
    "id": {"column": "name"},
    "m500c": {"column": "M", "unit": "1e14 Msun"},
    "r500c_kpc": {"column": "R", "unit": "Mpc"},
    "temperature": {"column": "kT", "unit": "K"},
    "lx": {"column": "L", "unit": "log10 erg/s"},
    "gas_fraction": {"column": "fg", "unit": "%"},
    "f_core": {"column": "core"},
    "y500": {"column": "Y", "unit": "1"},
    "redshift": {"column": "z", "unit": "1"},
}


def odd_table(truth: Truth) -> Table:
    return Table(
        {
            "name": 10**17 + truth.id,
            "M": truth.m500c / 1e14 / H,
            "R": truth.r500c_kpc / 1e3,
            "kT": truth.temperature / 8.617333e-8,
            "L": np.log10(truth.lx) + 44,
            "fg": 100 * truth.gas_fraction,
            "core": np.ma.array(truth.f_core, mask=np.arange(N) == 4),
            "Y": truth.y500,
            "z": np.full(N, truth.z),
        }
    )


@pytest.mark.parametrize(
    ("name", "form"), [("t.csv", "ascii.csv"), ("t.ecsv", "ascii.ecsv"), ("t.fits", "fits"), ("t.txt", "ascii.basic")]
)
def test_any_table_through_a_column_map(tmp_path: Path, truth: Truth, name: str, form: str) -> None:
    table = odd_table(truth)
    if form == "ascii.basic":
        table["core"] = table["core"].filled(np.nan)
    table.write(tmp_path / name, format=form)
    records = read(tmp_path / name, columns=MAP)
    matches(records, truth)
    np.testing.assert_array_equal(records.id, 10**17 + truth.id)  # no digit lost
    np.testing.assert_allclose(np.delete(records.f_core, 4), np.delete(truth.f_core, 4))
    assert np.isnan(records.f_core[4])
    assert len(catalog(records)) == N


def test_without_ids_rows_are_counted(tmp_path: Path, truth: Truth) -> None:
    odd_table(truth).write(tmp_path / "t.csv", format="ascii.csv")
    columns = {key: entry for key, entry in MAP.items() if key != "id"}
    np.testing.assert_array_equal(read(tmp_path / "t.csv", columns=columns).id, np.arange(1, N + 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"m500": MAP["m500c"]}, "halos.columns: 'm500' is not known; did you mean 'm500c'?"),
        ({"m500c": "M"}, "m500c is 'M'; it must be {column: NAME, unit: UNIT}"),
        ({"m500c": {"column": "M", "units": "Msun"}}, "it must be {column: NAME, unit: UNIT}"),
        ({"m500c": {"column": "M"}}, "m500c has no unit; give one of Msun/h, Msun"),
        ({"m500c": {"column": "M", "unit": "1e14 Msolar"}}, "unit '1e14 Msolar' of m500c is not known"),
        ({"m500c": {"column": "M", "unit": "comoving Msun"}}, "only lengths can be comoving"),
        ({"m500c": {"column": "M50", "unit": "Msun"}}, "t.csv: column 'M50' does not exist"),
        (
            {"temperature": {"column": "kTt", "unit": "keV"}},
            "column 'kTt' does not exist; did you mean 'kT'? there are",
        ),
        ({"lx": None}, "halos.columns: lx is None"),
    ],
)
def test_wrong_column_maps(tmp_path: Path, truth: Truth, change: dict, message: str) -> None:
    odd_table(truth).write(tmp_path / "t.csv", format="ascii.csv")
    with pytest.raises(ValueError, match=r"halos|t\.csv") as error:
        read(tmp_path / "t.csv", columns=MAP | change)
    assert message in str(error.value)


def test_incomplete_column_map(tmp_path: Path, truth: Truth) -> None:
    odd_table(truth).write(tmp_path / "t.csv", format="ascii.csv")
    with pytest.raises(ValueError, match="temperature, m_gas \\(or gas_fraction\\) missing"):
        read(tmp_path / "t.csv", columns={key: MAP[key] for key in ("m500c", "lx")})


@pytest.mark.parametrize(
    ("quantity", "unit", "hint"),
    [
        ("m500c", "1e14 Msun/h", "m500c looks like Msun, not Msun/h"),
        ("r500c_kpc", "Mpc/h", "r500c looks like kpc, not kpc/h"),
        ("r500c_kpc", "comoving Mpc", "r500c looks physical, not comoving"),
        ("r500c_kpc", "kpc", "r500c looks like Mpc"),
    ],
)
def test_a_unit_off_by_h_or_comoving_shows_in_the_radius(tmp_path: Path, quantity: str, unit: str, hint: str) -> None:
    odd_table(Truth(0.0663)).write(tmp_path / "t.csv", format="ascii.csv")
    wrong = MAP | {quantity: {"column": MAP[quantity]["column"], "unit": unit}}
    with pytest.raises(ValueError, match="column 'R', row 1 \\(id") as error:
        catalog(read(tmp_path / "t.csv", columns=wrong))
    assert "but the mass implies" in str(error.value)
    assert hint in str(error.value)


def with_value(text: str, row: int, column: int, value: str) -> str:
    lines = text.splitlines()
    words = lines[row].split()
    words[column] = value
    return "\n".join([*lines[:row], " ".join(words), *lines[row + 1 :]]) + "\n"


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        (7, "nan", "column 'm500c[Msol/h]', row 5 (id 1004): the value is nan"),
        (7, "-1e14", "column 'm500c[Msol/h]', row 5 (id 1004): the value -1e+14 is negative"),
        (7, "0", "column 'm500c[Msol/h]', row 5 (id 1004): the value 0 is zero; it must lie in 1e+12 ... 1e+16 Msun/h"),
        (7, "3.5", "a factor 1e14 were missing"),
        (7, "heavy", "column 'm500c[Msol/h]', row 5 (id 1004): the value 'heavy' is not a number"),
        (8, "8", "column 'r500c[kpc/h]', row 5 (id 1004): the radius is"),
        (9, "0.9", "column 'gas_frac', row 5 (id 1004): the gas fraction m_gas / m500c = 0.9 is outside 0.005 ... 0.3"),
        (11, "nan", "column 'T[kev]', row 5 (id 1004): the value is nan; a number in 0.05 ... 30 keV is needed"),
        (11, "-2", "column 'T[kev]', row 5 (id 1004): the value -2 is negative"),
        (11, "0", "column 'T[kev]', row 5 (id 1004): the value 0 is zero"),
        (11, "4e7", "it looks like kelvin"),
        (13, "-3.1", "column 'Y500c', row 5 (id 1004): the value -3.1 is negative"),
        (12, "1e44", "column 'Lx[1e44erg/s]', row 5 (id 1004): the value 1e+44 is outside"),
        (0, "1000", "column 'uid', rows 1 and 5: both have the id 1000; ids must be unique"),
        (0, "x17", "column 'uid', row 5: the value 'x17' is not a whole number"),
    ],
)
def test_bad_values(tmp_path: Path, truth: Truth, column: int, value: str, message: str) -> None:
    path = tmp_path / "cluster.txt"
    path.write_text(with_value(cluster_txt(truth), 5, column, value))
    with pytest.raises(ValueError, match=r"cluster\.txt") as error:
        catalog(read(path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_light_clusters_are_dropped_and_need_only_a_mass(tmp_path: Path, truth: Truth) -> None:
    truth.m500c[-1] = 2e13
    truth.temperature[-1] = 0
    (tmp_path / "cluster.txt").write_text(cluster_txt(truth))
    halos = catalog(read(tmp_path / "cluster.txt"))
    assert len(halos) == N - 1
    assert any("59 of 60 clusters kept: log10 M500c >= 13.58" in line for line in halos.provenance)


def test_fewer_than_50_above_the_limit(tmp_path: Path, truth: Truth) -> None:
    (tmp_path / "cluster.txt").write_text(cluster_txt(truth))
    with pytest.raises(ValueError, match=r"cluster\.txt: \d+ clusters of 60 are above log_m_limit = 14.5; at least 50"):
        catalog(read(tmp_path / "cluster.txt"), log_m_limit=14.5)


def test_observables_are_brought_to_the_survey(tmp_path: Path) -> None:
    truth = Truth(0.29)
    np.save(tmp_path / "list.npy", green_list(truth))
    halos = catalog(read(tmp_path / "list.npy"))
    growth = float(COSMOLOGY.e(0.07) / COSMOLOGY.e(0.29))
    np.testing.assert_allclose(halos.lx, truth.lx * growth**3.88, rtol=1e-5)
    np.testing.assert_allclose(halos.temperature, truth.temperature * growth**0.31, rtol=1e-5)
    np.testing.assert_allclose(halos.m_gas, truth.gas_fraction * truth.m500c * growth**0.74, rtol=1e-5)
    np.testing.assert_allclose(halos.y500, truth.y500 * growth**2.41, rtol=1e-5)
    np.testing.assert_allclose(halos.r500c_kpc, COSMOLOGY.r500c_kpc(truth.m500c, 0.07), rtol=1e-5)
    np.testing.assert_allclose(halos.redshift, 0.29)
    assert any("scaled from z = 0.29 to z = 0.07" in line and "lx 3.88" in line for line in halos.provenance)


def test_several_snapshots_cannot_be_a_complete_list(tmp_path: Path, truth: Truth) -> None:
    array = green_list(truth)
    array["redshift"][7] = 0.1
    array["r500_kpch"][7] = COSMOLOGY.r500c_kpc(array["M500_msolh"][7], 0.1) * 1.1 * H
    np.save(tmp_path / "list.npy", array)
    with pytest.raises(ValueError, match=r"'redshift' runs from 0\.0663 to 0\.1: .*set halos\.thinned: true"):
        catalog(read(tmp_path / "list.npy"))
    assert catalog(read(tmp_path / "list.npy"), thinned=True).thinned


def _npy(truth: Truth) -> bytes:
    stream = io.BytesIO()
    np.save(stream, green_list(truth))
    return stream.getvalue()


def _fits(truth: Truth) -> bytes:
    stream = io.BytesIO()
    odd_table(truth).write(stream, format="fits")
    return stream.getvalue()


def _pickled(_: Truth) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([{"m500c": 1}], dtype=object))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("empty.txt", lambda t: b"", "the file is empty"),
        ("blank.txt", lambda t: b"\n\n", "the file is empty"),
        ("header.txt", lambda t: cluster_txt(t).split("\n")[0].encode(), "a header, but no rows"),
        ("cut.txt", lambda t: cluster_txt(t)[:-40].encode(), "row 60 has"),
        ("short.txt", lambda t: cluster_txt(t).replace(" 15463", "", 1).encode(), "row 1 has 18 values, the header"),
        ("cut.gz", lambda t: gzip.compress(cluster_txt(t).encode())[:900], "the gzip file is truncated or corrupt"),
        ("bad.gz", lambda t: b"\x1f\x8b" + b"\x00" * 50, "the gzip file is truncated or corrupt"),
        ("binary.txt", lambda t: b"\xff\xfe\x00\x81" * 40, "not a text file"),
        ("cut.npy", lambda t: _npy(t)[:-500], "the file is truncated"),
        ("pickled.npy", _pickled, "allow_pickle=False"),
        ("cut.fits", lambda t: _fits(t)[:-3000], "the file is truncated"),
        ("bad.fits", lambda t: _fits(t)[:2880] + b"\x00" * 2880, "fits"),
        ("other.csv", lambda t: b"a,b\n1,2\n", "none of the known formats (cluster.txt, dataset.csv, cluster.dat"),
        ("typo.txt", lambda t: cluster_txt(t).replace("gas_frac", "gasfrac").encode(), "did you mean 'gasfrac'? there"),
        ("twice.txt", lambda t: cluster_txt(t).replace("star", "gas").encode(), "the column 'gas_frac' twice"),
        ("numbers.txt", lambda t: b"1 2 3\n" * 60, "no header line, and 3 columns"),
    ],
)  # fmt: skip
def test_broken_files(tmp_path: Path, truth: Truth, name: str, make: Callable[[Truth], bytes], message: str) -> None:
    path = tmp_path / name
    path.write_bytes(make(truth))
    with pytest.raises(ValueError, match=name) as error:
        catalog(read(path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_file_folder_and_format(tmp_path: Path, truth: Truth) -> None:
    with pytest.raises(ValueError, match=r"none\.txt: no such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(ValueError, match="not a file"):
        read(tmp_path)
    with pytest.raises(ValueError, match=r"halos\.format: 'hdf4' is not known; choose one of auto, cluster\.txt"):
        read(tmp_path / "none.txt", form="hdf4")
    (tmp_path / "cluster.txt").write_text(cluster_txt(truth))
    with pytest.raises(ValueError, match="expected a table of kind 'fits', but the content looks like 'text'"):
        read(tmp_path / "cluster.txt", form="fits")
    with pytest.raises(ValueError, match="column 'ihal' does not exist"):
        read(tmp_path / "cluster.txt", form="cluster.dat")
