"""Units that no single row betrays: each known mistake is found in a whole list, and plausible lists pass."""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from encluster.halos.plausibility import offsets
from factories import COSMOLOGY, H, as_csv, build_list, clusters, surrogate

Columns = dict[str, np.ndarray]


def m200(columns: Columns) -> np.ndarray:
    """Masses M200c of NFW halos of concentration c500 = 3, in closed form."""

    def enclosed(x: np.ndarray | float) -> np.ndarray:
        return np.log1p(x) - x / (1 + np.asarray(x))

    x = np.linspace(3, 9, 20001)
    ratio = float(np.interp(0, -(enclosed(x) / enclosed(3.0) * (3 / x) ** 3 - 0.4), x)) / 3
    return columns["M500"] * 0.4 * ratio**3


def star_share(columns: Columns) -> np.ndarray:
    """Star over gas mass, as in the list of Green et al. (2019)."""
    return 10 ** (-0.36 - 0.25 * (np.log10(columns["M500"]) - 13.69))


MISTAKES: dict[str, tuple[Callable[[Columns], Columns], str]] = {
    "M200 for M500": (lambda c: {"M500": m200(c)}, "they look like M200c"),
    "M200 for M500, gas mass too": (lambda c: {"M500": m200(c), "MG": c["MG"] * m200(c) / c["M500"]}, "like M200c"),
    "Msun for Msun/h": (lambda c: {"M500": c["M500"] / H, "MG": c["MG"] / H}, "like Msun where the map says Msun/h"),
    "Msun/h for Msun": (lambda c: {"M500": c["M500"] * H, "MG": c["MG"] * H}, "like Msun/h where the map says Msun"),
    "gas mass alone in Msun": (lambda c: {"MG": c["MG"] / H}, "M_gas looks like"),
    "gas mass alone in Msun/h": (lambda c: {"MG": c["MG"] * H}, "M_gas looks like Msun/h where the map says Msun"),
    "soft band": (lambda c: {"L": c["L"] * 0.54}, "that of a soft band (0.5-2 keV)"),
    "luminosity in h^-2": (lambda c: {"L": c["L"] * H**2}, "h^-2 erg/s where the map says erg/s"),
    "luminosity times h^-2": (lambda c: {"L": c["L"] / H**2}, "erg/s where the map says h^-2 erg/s"),
    "temperature in 1e7 K": (lambda c: {"T": c["T"] / 0.8617333}, "T looks like 1e7 K where the map says keV"),
    "baryon fraction": (lambda c: {"MG": c["MG"] * (1 + star_share(c))}, "that of a baryon fraction"),
    "star fraction": (lambda c: {"MG": c["MG"] * star_share(c)}, "that of a star fraction"),
    "luminosity in 1e43 erg/s": (lambda c: {"L": c["L"] * 10}, "L_X is 10 times that of the fiducial relation"),
    "temperature of other clusters": (lambda c: {"T": c["T"][::-1]}, "T "),
    "two at once": (lambda c: {"L": c["L"] * 0.52, "MG": c["MG"] * star_share(c)}, "; M_gas looks like that of a star"),
}


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_mistake_is_refused_with_its_cause(tmp_path: Path, name: str, seed: int) -> None:
    change, cause = MISTAKES[name]
    right = clusters(600, seed)
    path = tmp_path / "list.csv"
    path.write_text(as_csv(right | change(right)))
    with pytest.raises(ValueError, match=r"list\.csv: .*halos\.trust_units: true") as error:
        build_list(path)
    assert cause in str(error.value)
    assert "\n" not in str(error.value)
    assert len(build_list(path, trust_units=True)) > 300
    path.write_text(as_csv(right))
    assert len(build_list(path)) == 600


@pytest.mark.parametrize("n", [60, 1165])
def test_relations_a_quarter_off_are_plausible(tmp_path: Path, n: int) -> None:
    """In normalization; and in slope, which a list of 60 clusters cannot tell from a shift."""
    path, tried = tmp_path / "list.csv", 0
    for seed, factors in enumerate(itertools.product((0.75, 0.8, 1.25), repeat=3)):
        path.write_text(as_csv(clusters(n, seed, normalization=factors)))
        tried += len(build_list(path)) == n
        if n > 1000:
            path.write_text(as_csv(clusters(n, seed, slope=factors)))
            tried += len(build_list(path)) == n
    assert tried == (54 if n > 1000 else 27)


def test_light_clusters_never_refuse_a_list(tmp_path: Path) -> None:
    columns = clusters(300)
    light = {"M500": np.full(500, 3e11), "T": np.full(500, -1.0), "L": np.full(500, 7e9), "MG": np.full(500, 3e11)}
    path = tmp_path / "list.csv"
    path.write_text(as_csv({name: np.concatenate([light[name], columns[name]]) for name in columns}))
    assert len(build_list(path)) == 300
    text = path.read_text().replace("300000000000.0,-1.0,", "300000000000.0,unknown,", 7)
    path.write_text(text)
    assert len(build_list(path)) == 300


def test_offsets_are_those_that_were_put_in(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(as_csv(clusters(1165, normalization=(0.8, 1.1, 0.9))))
    found = offsets(build_list(path), COSMOLOGY)
    for name, factor in (("lx", 0.8), ("temperature", 1.1), ("m_gas", 0.9)):
        assert (np.abs(found[name].shift - np.log10(factor)) < 4 * found[name].error + 0.01).all(), name
        assert (found[name].error < 0.02).all()


def test_the_real_list_is_plausible_and_its_mistakes_are_not(shared_data: Path, tmp_path: Path) -> None:
    data = pd.read_csv(shared_data / "magneticum/box2hr_clusters.csv.gz")
    columns = {
        "m500c": {"column": "M500_msolh", "unit": "Msun/h"},
        "temperature": {"column": "T_kev", "unit": "keV"},
        "lx": {"column": "Lx_ergs", "unit": "1e44 erg/s"},
        "gas_fraction": {"column": "gas_frac"},
        "redshift": {"column": "redshift"},
    }
    path = tmp_path / "list.csv"
    data.to_csv(path, index=False)
    assert len(build_list(path, columns, thinned=True)) == 2875
    for change, cause in (
        (dict(gas_frac=data["gas_frac"] + data["star_frac"]), "baryon fraction"),
        (dict(gas_frac=data["star_frac"]), "star fraction"),
        (dict(M500_msolh=1.44 * data["M500_msolh"]), "M200c"),
        (dict(T_kev=data["T_kev"] / 0.8617), "1e7 K"),
        (dict(Lx_ergs=0.52 * data["Lx_ergs"]), "soft band"),
    ):
        data.assign(**change).to_csv(path, index=False)
        with pytest.raises(ValueError, match=cause):
            build_list(path, columns, thinned=True)


def test_the_surrogate_is_not_compared_with_itself() -> None:
    assert len(surrogate(60, 3)) == 60
