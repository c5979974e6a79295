"""Lists as people have them: comments, units, bars, names, bad rows, unmapped redshifts, several tables."""

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from encluster.halos.catalog import HaloCatalog, read_catalog, write_catalog
from encluster.halos.columns import redshift_columns
from encluster.halos.readers import read_records
from encluster.halos.tables import RawTable, load_table
from factories import COSMOLOGY, MAP, H, as_csv, build_list, clusters

NAMED = {**MAP, "id": {"column": "name"}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.txt"


def named(n: int = 60, **change: Any) -> dict[str, np.ndarray]:
    columns = clusters(n)
    return {"name": np.array([f"NGC {i}" for i in range(len(columns["T"]))]), **columns, **change}


def matches(halos: HaloCatalog, columns: dict[str, np.ndarray]) -> None:
    np.testing.assert_allclose(halos.m500c, columns["M500"], rtol=1e-12)
    np.testing.assert_allclose(halos.m_gas / halos.m500c, columns["MG"] / columns["M500"], rtol=5e-3)
    assert len(halos) == len(columns["T"])


def drawn(columns: dict[str, np.ndarray]) -> str:
    lines = as_csv(columns, separator=" | ").splitlines()
    head, *rows = (f"| {line} |" for line in lines)
    rule = "+" + "-" * 20 + "+"
    return "\n".join([rule, head, rule.replace("-", "="), *rows, rule]) + "\n"


LAYOUTS = {
    "commas": lambda c: as_csv(c),
    "three comments": lambda c: "# made by hand\n# masses, in Msun/h\n#\n" + as_csv(c),
    "a comment that names the columns": lambda c: "# about this list\n# " + as_csv(c),
    "semicolons": lambda c: as_csv(c, separator="; "),
    "tabs, and blanks in names": lambda c: as_csv(c, separator="\t"),
    "a drawn table": drawn,
    "a mark of the byte order": lambda c: "\ufeff" + as_csv(c),
    "quotes": lambda c: as_csv({**c, "name": np.array([f'"{name}, A"' for name in c["name"]])}),
    "a commented line of units": lambda c: as_csv(c, separator="\t").replace("\n", "\n#-\tMsun/h\tkeV\terg/s\t-\n", 1),
    "a line of units": lambda c: as_csv(c).replace("\n", "\n-,Msun/h,keV,1e44 erg/s,Msun/h\n", 1),
    "a comment in between": lambda c: as_csv(c).replace("\nNGC 7,", "\n# the bright one:\nNGC 7,"),
    "Windows": lambda c: as_csv(c).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_of_text(path: Path, layout: str) -> None:
    columns = named()
    path.write_text(LAYOUTS[layout](columns), encoding="utf-8")
    halos = build_list(path, NAMED)
    matches(halos, columns)
    assert halos.labels[7].startswith("NGC 7")
    assert halos.id[7] == 8  # the row of the list, counted from 1


def test_decimal_commas_are_refused(path: Path) -> None:
    path.write_text(as_csv(named(), separator=";").replace(".", ","))
    with pytest.raises(ValueError, match=r"column 'M500', row 1 \(NGC 0\): the value '\d+,\d+' is not a number"):
        build_list(path, NAMED)


def test_text_that_is_not_utf8(path: Path) -> None:
    path.write_bytes(("# by André\n" + as_csv(named())).encode("latin-1"))
    matches(build_list(path, NAMED), named())


def test_names_are_kept_and_unique(path: Path, tmp_path: Path) -> None:
    columns = named()
    path.write_text(as_csv(columns))
    halos = build_list(path, NAMED)
    write_catalog(tmp_path / "halos.ecsv", halos)
    again = read_catalog(tmp_path / "halos.ecsv")
    assert again.names == halos.names == tuple(columns["name"])
    assert any("column 'name' holds names" in line for line in again.provenance)
    path.write_text(as_csv(columns).replace("NGC 9,", "NGC 4,"))
    with pytest.raises(ValueError, match=r"column 'name', rows 5 and 10: both are called 'NGC 4'"):
        build_list(path, NAMED)
    path.write_text(as_csv({**columns, "T": np.where(np.arange(60) == 7, -1, columns["T"])}))
    with pytest.raises(ValueError, match=r"column 'T', row 8 \(NGC 7\): the value -1 is negative"):
        build_list(path, NAMED)


# --- rows with bad values


def spoiled() -> dict[str, np.ndarray]:
    columns = {name: values.astype(object) for name, values in named(100).items()}
    columns["T"][7] = -1.0
    columns["L"][40] = "n/a"
    columns["MG"][41] = "?"
    columns["M500"][77] = 0.0
    return columns


def test_by_default_a_bad_row_stops_the_run(path: Path) -> None:
    path.write_text(as_csv(spoiled()))
    with pytest.raises(ValueError, match=r"column 'M500', row 78 \(NGC 77\): the value 0 is zero"):
        build_list(path, NAMED)


def test_bad_rows_can_be_dropped_and_are_counted(path: Path, tmp_path: Path) -> None:
    path.write_text(as_csv(spoiled()))
    halos = build_list(path, NAMED, on_bad="drop")
    assert len(halos) == 96
    assert not {8, 41, 42, 78} & set(halos.id)
    said = "\n".join(halos.provenance)
    assert "4 bad rows dropped (halos.on_bad = drop): rows 8, 41, 42, 78" in said
    assert "dropped: column 'T', row 8 (NGC 7): the value -1 is negative" in said
    assert "dropped: column 'MG', row 42 (NGC 41): the value '?' is not a number" in said
    write_catalog(tmp_path / "halos.ecsv", halos)
    assert read_catalog(tmp_path / "halos.ecsv").provenance == halos.provenance


def test_a_wrong_column_is_not_dropped_row_by_row(path: Path) -> None:
    columns = named(100)
    columns["T"] = np.where(np.arange(100) < 30, -1, columns["T"])
    path.write_text(as_csv(columns))
    with pytest.raises(ValueError, match=r"30 of 100 rows are bad, which halos.on_bad = drop does not drop"):
        build_list(path, NAMED, on_bad="drop")
    path.write_text(as_csv(columns | {"M500": columns["M500"] / 1e14}))
    with pytest.raises(ValueError, match="a factor 1e14 were missing"):
        build_list(path, NAMED, on_bad="drop")


def test_two_columns_of_gas_that_disagree(path: Path) -> None:
    columns = clusters(100)
    columns["f"] = columns["MG"] / columns["M500"]
    both = {**MAP, "gas_fraction": {"column": "f"}}
    path.write_text(as_csv(columns))
    assert len(build_list(path, both)) == 100
    columns["f"] = np.where(np.arange(100) == 3, 1.4, 1) * columns["f"]
    path.write_text(as_csv(columns))
    with pytest.raises(ValueError, match=r"'MG', row 4 .* 0\.714 times that of column 'f' times m500c"):
        build_list(path, both)


@pytest.mark.parametrize(("name", "value"), [("T", 3.0), ("L", 1.0), ("MG", 1e13), ("core", 0.0)])
def test_a_column_with_one_value_was_not_measured(path: Path, name: str, value: float) -> None:
    columns = clusters(100)
    columns = {**columns, name: np.full(100, value)}
    path.write_text(as_csv(columns))
    wanted = MAP if name != "core" else {**MAP, "f_core": {"column": "core"}}
    with pytest.raises(ValueError, match=f"column '{name}'.*(all 100 values are|the gas fraction)"):
        build_list(path, wanted)


def test_one_column_cannot_be_two_quantities(path: Path) -> None:
    path.write_text(as_csv(clusters(60)))
    with pytest.raises(ValueError, match="temperature and lx are both read from column 'T'"):
        build_list(path, {**MAP, "lx": {"column": "T", "unit": "erg/s"}})


# --- redshifts


@pytest.mark.parametrize("name", ["z", "Z_SPEC", "redshift", "BEST_Z", "zCl", "z [1]", "Redshift_500", "scale_factor"])
def test_a_redshift_that_is_not_mapped_stops_the_run(path: Path, name: str) -> None:
    columns = {**clusters(60), name: np.full(60, 0.35 if "scale" not in name else 0.74)}
    path.write_text(as_csv(columns))
    with pytest.raises(ValueError, match=r"looks like a redshift, and halos\.columns does not map it") as error:
        build_list(path)
    assert "redshift: fixed" in str(error.value)
    assert (build_list(path, {**MAP, "redshift": "fixed"}).redshift == 0.0663).all()


@pytest.mark.parametrize("name", ["z_err", "vz", "z[kpc/h]", "pos_z", "flag_z", "zeta", "e_z", "z_pix", "M_z"])
def test_what_is_no_redshift(path: Path, name: str) -> None:
    value = np.full(60, 1500.0 if name == "M_z" else 0.1)
    path.write_text(as_csv({**clusters(60), name: value}))
    assert len(build_list(path)) == 60


def test_a_coordinate_is_no_redshift(path: Path) -> None:
    table = RawTable(path="x", kind="csv", columns={name: np.full(3, 0.2) for name in ("x", "y", "z", "x_cm", "z_cm")})
    assert redshift_columns(table) == []
    assert redshift_columns(RawTable(path="x", kind="csv", columns={"z": np.full(3, 0.2)})) == ["z"]
    assert redshift_columns(RawTable(path="x", kind="csv", columns={"z": np.full(3, 250.0)})) == []


def test_a_known_form_uses_any_redshift_that_it_has(path: Path) -> None:
    columns = clusters(60)
    portal = {
        "#uid": np.arange(60),
        "m500c[Msol/h]": columns["M500"],
        "gas_frac": columns["MG"] / columns["M500"],
        "T[kev]": columns["T"],
        "Lx[1e44erg/s]": columns["L"],
        "z_snap": np.full(60, 0.14),
    }
    path.write_text(as_csv(portal))
    records = read_records(path, cosmology=COSMOLOGY, redshift=0.0663)
    assert (records.redshift == 0.14).all()
    assert "redshifts from column 'z_snap'" in records.provenance
    path.write_text(as_csv({**portal, "zspec": np.full(60, 0.2)}))
    with pytest.raises(ValueError, match="columns z_snap, zspec look like redshifts"):
        read_records(path, cosmology=COSMOLOGY, redshift=0.0663)
    path.write_text(as_csv(portal).replace("z_snap", "z[kpc/h]"))
    assert (read_records(path, cosmology=COSMOLOGY, redshift=0.0663).redshift == 0.0663).all()


def test_scale_factors_are_questioned(path: Path) -> None:
    mapped = {**MAP, "redshift": {"column": "a"}}
    path.write_text(as_csv({**clusters(60), "a": np.full(60, 0.935)}))
    with pytest.raises(ValueError, match=r"looks like a scale factor .*unit: scale factor"):
        build_list(path, mapped)
    mapped["redshift"]["unit"] = "scale factor"
    np.testing.assert_allclose(build_list(path, mapped).redshift, 1 / 0.935 - 1)
    mapped["redshift"]["unit"] = "redshift"
    assert (build_list(path, mapped, trust_units=True).redshift == 0.935).all()
    path.write_text(as_csv({**clusters(60), "scale_factor": np.full(60, 0.35)}))
    with pytest.raises(ValueError, match="looks like a scale factor"):
        build_list(path, {**MAP, "redshift": {"column": "scale_factor"}})


def test_a_redshift_that_the_list_overrules(path: Path) -> None:
    path.write_text(as_csv({**clusters(60), "z": np.full(60, 0.07)}))
    with pytest.raises(ValueError, match=r"halos\.redshift = 0\.2: is not used, as .*column 'z' gives the redshifts"):
        build_list(path, {**MAP, "redshift": {"column": "z"}}, redshift=0.2)


# --- units that the file states


def with_units(kind: str, unit: str) -> bytes:
    columns = clusters(60)
    if kind == "csv":
        return as_csv({f"T [{unit}]" if name == "T" else name: values for name, values in columns.items()}).encode()
    table = Table(columns)
    table["T"].unit = unit
    stream: Any = io.StringIO() if kind == "ecsv" else io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table.write(stream, format={"ecsv": "ascii.ecsv", "fits": "fits", "votable": "votable"}[kind])
    return stream.getvalue().encode() if kind == "ecsv" else stream.getvalue()


@pytest.mark.parametrize("kind", ["csv", "ecsv", "fits", "votable"])
def test_a_unit_in_the_file_that_contradicts_the_map(path: Path, kind: str) -> None:
    path.write_bytes(with_units(kind, "keV"))
    assert load_table(path).kind == kind
    assert len(build_list(path)) == 60
    path.write_bytes(with_units(kind, "K"))
    with pytest.raises(ValueError, match=r"column 'T.*': the file states the unit 'K', the column map 'keV'"):
        build_list(path)
    assert len(build_list(path, trust_units=True)) == 60


# --- what astropy warns of, and what is broken


def fits_list(*, extra: int = 0, tweak: Any = lambda hdu: None) -> bytes:
    hdu = fits.BinTableHDU(Table(clusters(60)), name="CLUSTERS")
    tweak(hdu)
    others = [fits.BinTableHDU(Table({"a": [1.0]}), name=f"OTHER{i}") for i in range(extra)]
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits.HDUList([fits.PrimaryHDU(), hdu, *others]).writeto(stream, output_verify="ignore")
    return stream.getvalue()


def set_card(key: str, value: Any) -> Any:
    return lambda hdu: hdu.header.set(key, value)


@pytest.mark.parametrize(
    "tweak",
    [set_card("TNULL2", -1), set_card("TDISP2", "Q9.9"), set_card("TUNIT3", "furlong"), set_card("ODD", "x" * 60)],
)
def test_what_astropy_warns_of_is_not_corrupt(path: Path, tweak: Any) -> None:
    path.write_bytes(fits_list(tweak=tweak))
    matches(build_list(path), clusters(60))


def test_a_card_that_is_not_ascii(path: Path) -> None:
    content = fits_list(tweak=set_card("OBSERVER", "Andre"))
    path.write_bytes(content.replace(b"Andre ", "André ".encode("latin-1")))
    matches(build_list(path), clusters(60))


def test_a_table_is_chosen_where_there_are_several(path: Path) -> None:
    path.write_bytes(fits_list(extra=2))
    with pytest.raises(ValueError, match=r"holds 3 tables; choose one by halos\.hdu: 1 'CLUSTERS', 2 'OTHER0', 3"):
        build_list(path)
    for hdu in (1, "CLUSTERS", "clusters"):
        matches(build_list(path, hdu=hdu), clusters(60))
    with pytest.raises(ValueError, match=r"halos\.hdu = 7: no single table"):
        build_list(path, hdu=7)
    path.write_text(as_csv(clusters(60)))
    with pytest.raises(ValueError, match=r"halos\.hdu = 1: .* is a csv table"):
        build_list(path, hdu=1)


def test_images_alone_hold_no_table(path: Path) -> None:
    fits.PrimaryHDU(np.zeros((4, 4))).writeto(path)
    with pytest.raises(ValueError, match="holds no table"):
        build_list(path)


@pytest.mark.parametrize("kind", ["fits", "npy"])
def test_truncation_is_called_by_its_name(path: Path, kind: str) -> None:
    content = fits_list()
    if kind == "npy":
        stream = io.BytesIO()
        np.save(stream, Table(clusters(60)).as_array())
        content = stream.getvalue()
    path.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(ValueError, match="the file is truncated"):
        build_list(path)
    path.write_bytes(content)
    assert len(build_list(path)) == 60


def test_hdf5_is_named(path: Path) -> None:
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(ValueError, match="an HDF5 file"):
        build_list(path)


def test_an_angular_radius_is_compared_with_its_mass(path: Path) -> None:
    z = np.linspace(0.05, 0.4, 60)
    columns = clusters(60)
    kpc = COSMOLOGY.r500c_kpc(columns["M500"], z)
    distance = np.array([1e3 * COSMOLOGY.angular_diameter_distance_mpc(value) for value in z])
    columns |= {"z": z, "R": np.rad2deg(kpc / distance) * 60}
    path.write_text(as_csv(columns))
    mapped = {**MAP, "redshift": {"column": "z"}, "r500c_kpc": {"column": "R", "unit": "arcmin"}}
    read_records(path, cosmology=COSMOLOGY, columns=mapped, redshift=0.07)
    assert len(build_list(path, mapped, thinned=True, trust_units=True)) == 60
    mapped["m500c"] = {"column": "M500", "unit": "Msun"}
    with pytest.raises(ValueError, match=f"m500c looks like Msun/h, not Msun|{1 / H:.3f}"):
        build_list(path, mapped, thinned=True, trust_units=True)
