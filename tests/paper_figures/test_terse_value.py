"""Figures 15, 16 and 21: correlations of the terse value and errors of mass proxies, from known relations."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from scipy.stats import spearmanr

import fig15
import fig16
import fig21
from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.terse import CONFIDENCE
from encluster.paper.published import PUBLISHED
from hexagon_panels import N_COLUMNS, N_ROWS, hexagonal_histogram


def made_up_interpretation(n_catalogs: int, mean_number: float = 60) -> ClusterCatalogs:
    """Return a network whose terse value falls with mass and depends on nothing else."""
    rng = np.random.default_rng(0)
    sigma8 = rng.choice(np.linspace(0.7, 0.92, 23).round(2), n_catalogs)
    number = rng.poisson(mean_number * (sigma8 / 0.8) ** 4) + 1
    n = int(number.sum())
    log_m = rng.uniform(13.6, 14.8, n)
    columns = {
        "sigma8": sigma8,
        "log_m500c": log_m.astype(np.float32),
        "log_m_wl": (log_m + rng.normal(0, 0.1, n)).astype(np.float32),
        "log_m_gas": (log_m - 1 + np.repeat(rng.normal(0, 0.1, n_catalogs), number)).astype(np.float32),
        "log_temperature": (0.6 * (log_m - 14)).astype(np.float32),
        "terse": (-0.5 * (log_m - 14) + rng.normal(0, 0.02, n)).astype(np.float32),
    }
    return ClusterCatalogs.of("interpretation", columns, offset=np.concatenate([[0], np.cumsum(number)]))


def test_hexagons_hold_the_points_that_are_nearest_to_them() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=400), rng.normal(3, 2, size=400)
    data = hexagonal_histogram(x, y)
    assert data["count"].sum() == 400
    assert data["count"].max() > 1
    dx, dy = data["dx"].iloc[0], data["dy"].iloc[0]
    assert (dx * (N_COLUMNS - 1), dy * (N_ROWS - 1)) == pytest.approx((np.ptp(x), np.ptp(y)))
    # a slow twin: all centers of the plane, and the distance to each
    i, j = (index.ravel() for index in np.mgrid[-1 : N_COLUMNS + 1, -1 : N_ROWS + 1])
    at = np.stack([x.min() + dx * (i + 0.5 * (j % 2)), y.min() + dy * j], axis=1)
    nearest = [
        np.argmin(((a - at[:, 0]) / dx) ** 2 + 0.75 * ((b - at[:, 1]) / dy) ** 2) for a, b in zip(x, y, strict=True)
    ]
    filled, count = np.unique(at[nearest].round(9), axis=0, return_counts=True)
    ours = data.round(9).sort_values(["x", "y"])
    assert ours[["x", "y"]].to_numpy() == pytest.approx(filled)
    assert ours["count"].tolist() == count.tolist()


def test_each_value_of_a_grid_has_its_row_of_hexagons() -> None:
    rng = np.random.default_rng(3)
    sigma8 = np.linspace(0.7, 0.92, 23).round(2)
    y = rng.choice(sigma8, 5000, p=np.arange(1, 24) / 276)
    data = hexagonal_histogram(rng.random(5000), y)
    rows = data.groupby(data["y"].round(4))["count"].sum()
    assert rows.index.to_numpy() == pytest.approx(sigma8)
    assert rows.tolist() == [int(np.sum(y == value)) for value in sigma8]


@pytest.mark.parametrize("y", [np.zeros(3), np.array([0.0, 0.0, 1.0])])
def test_hexagons_of_hardly_any_points(y: np.ndarray) -> None:
    for x in (np.zeros(3), np.array([1.0, 2.0, 3.0])):
        assert hexagonal_histogram(x, y)["count"].sum() == 3


def test_fig15_correlates_terse_with_mass_and_not_with_sigma8() -> None:
    interpretation = made_up_interpretation(80)
    data = fig15.reduce({"standard": interpretation})
    number = interpretation.n_clusters
    known = {name: interpretation[name] for name in fig15.QUANTITIES if name in interpretation.clusters}
    known |= {"n_cluster": np.repeat(number, number), "sigma8": np.repeat(interpretation.catalog("sigma8"), number)}
    assert list(data["quantity"].unique()) == list(known)
    for name, values in known.items():
        panel = data[data["quantity"] == name]
        assert panel["count"].sum() == number.sum()
        assert panel["rho"].iloc[0] == pytest.approx(spearmanr(interpretation["terse"], values)[0], abs=1e-5)
        assert panel["rho_low"].iloc[0] <= panel["rho"].iloc[0] <= panel["rho_high"].iloc[0]
        middle = panel["y"].min(), panel["y"].max()
        assert middle == pytest.approx((values.min(), values.max()), abs=panel["dy"].iloc[0])
    rho = data.groupby("quantity")[["rho", "rho_low", "rho_high"]].first()
    assert rho.loc["log_m500c", "rho_high"] < -0.98 < rho.loc["log_m_wl", "rho"]
    assert rho.loc["sigma8", "rho_low"] < 0 < rho.loc["sigma8", "rho_high"]


def test_the_range_of_a_correlation_does_not_depend_on_the_sign_of_terse_values(
    drawn: Callable[[str, pd.DataFrame], Figure],
) -> None:
    first = made_up_interpretation(40)
    noise = np.random.default_rng(6).normal(0, 0.3, len(first.owner))
    second = first.with_columns(terse=-(first["terse"] + noise))
    data = fig15.reduce({"standard": first, "standard_2": second})
    rho = data.groupby("quantity").first()
    weaker = -spearmanr(second["terse"], second["log_m500c"])[0]
    assert -0.95 < weaker < -0.3
    assert rho.loc["log_m500c", ["rho_lowest", "rho_highest"]].tolist() == pytest.approx(
        [rho.loc["log_m500c", "rho"], weaker], abs=1e-5
    )
    assert set(data["networks"]) == {2}
    # the histogram and the interval are those of the first
    alone = fig15.reduce({"standard": first})
    same = [name for name in alone if name not in ("rho_lowest", "rho_highest", "networks")]
    pd.testing.assert_frame_equal(data[same], alone[same])
    assert (alone["rho_lowest"] == alone["rho"]).all()
    texts = [drawn("fig15", table).axes[0].texts[0].get_text() for table in (data, alone)]
    assert ["2 networks" in text for text in texts] == [True, False]


def test_fig16_has_the_scatter_over_networks(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    first = made_up_interpretation(40)
    rng = np.random.default_rng(7)
    second = first.with_columns(terse=first["terse"] + rng.normal(0, 0.1, len(first.owner)))
    alone = [fig16.reduce({"standard": of}).query("proxy == 'terse'").iloc[0] for of in (first, second)]
    data = fig16.reduce({"standard": first, "standard_2": second})
    found = data.groupby("proxy").first()
    assert found["networks"].to_dict() == {"m_gas": 0, "yx": 0, "terse": 2}
    scatter = [row["scatter"] for row in alone]
    assert scatter[1] > 2 * scatter[0]
    assert found.loc["terse", "scatter"] == pytest.approx(np.mean(scatter))
    assert found.loc["terse", "scatter_networks"] == pytest.approx(np.std(scatter, ddof=1))
    assert found.loc["terse", "scatter_err"] == pytest.approx(np.mean([row["scatter_err"] for row in alone]))
    assert found["scatter_networks"].isna().to_dict() == {"m_gas": True, "yx": True, "terse": False}
    terse = data[data["proxy"] == "terse"]
    assert (terse["density_lowest"] <= terse["density"]).all()
    assert (terse["density"] <= terse["density_highest"]).all()
    assert terse["density_highest"].max() > 1.5 * terse["density_lowest"].max()
    labels = [text.get_text() for text in drawn("fig16", data).axes[0].get_legend().get_texts()]
    assert [label.count(r"\pm") for label in labels] == [1, 1, 2]


def test_fig21_is_two_panels_of_fig15() -> None:
    interpretation = made_up_interpretation(12)
    data, whole = fig21.reduce({"one": interpretation}), fig15.reduce({"one": interpretation})
    expected = whole[whole["quantity"].isin(["log_m500c", "sigma8"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(data, expected)


def test_fig16_measures_the_scatter_that_was_put_in() -> None:
    """M_gas scatters by 0.05 dex and T by nothing; catalogs are off by much more, which must not count."""
    interpretation = made_up_interpretation(60)
    rng = np.random.default_rng(4)
    number = interpretation.n_clusters
    log_m = interpretation["log_m500c"].astype(float)
    scattered = log_m - 1 + rng.normal(0, 0.05, len(log_m))
    exact = -3 * log_m  # of the other sign
    interpretation = interpretation.with_columns(
        log_m_gas=scattered, log_temperature=np.full(len(log_m), 0.5), terse=exact
    )
    data = fig16.reduce({"standard": interpretation})
    lines = dict(iter(data.groupby("proxy")))
    assert list(data["proxy"].unique()) == ["m_gas", "yx", "terse"]
    slope = np.polyfit(scattered, log_m, 1)[0]  # regression dilutes it a little
    expected = np.log(10) * np.std(slope * scattered - log_m)
    assert lines["m_gas"]["scatter"].iloc[0] == pytest.approx(expected, rel=0.03)
    assert lines["yx"]["scatter"].iloc[0] == pytest.approx(lines["m_gas"]["scatter"].iloc[0])
    assert lines["terse"]["scatter"].iloc[0] == pytest.approx(0, abs=1e-6)
    for line in lines.values():
        assert line["density"].sum() * fig16.WIDTH + line["outside"].iloc[0] == pytest.approx(1, abs=1e-4)
    mean = np.average(lines["m_gas"]["error_dex"], weights=lines["m_gas"]["density"])
    spread = np.sqrt(np.average((lines["m_gas"]["error_dex"] - mean) ** 2, weights=lines["m_gas"]["density"]))
    # the bins leave out 1 %, the largest errors: 4 % of the standard deviation of a normal distribution
    assert spread * np.log(10) == pytest.approx(0.96 * expected, rel=0.03)
    assert lines["m_gas"]["outside"].iloc[0] == pytest.approx(0.01, abs=0.005)
    moved = scattered + 0.001 * rng.choice([-100, 100], len(number))[interpretation.owner]
    table = fig16.reduce({"standard": interpretation.with_columns(log_m_gas=moved)})
    shifted = table.query("proxy == 'm_gas'")["scatter"].iloc[0]
    # the line is a little flatter then; counted, the offsets would make it 2.2 times the scatter
    assert expected < shifted < 1.2 * expected


@pytest.mark.parametrize(("n_catalogs", "mean_number"), [(40, 60), (4, 6), (2, 4)])
def test_figures_of_the_terse_value_are_drawn_however_few_clusters_there_are(
    n_catalogs: int, mean_number: float, drawn: Callable[[str, pd.DataFrame], Figure]
) -> None:
    interpretation = made_up_interpretation(n_catalogs, mean_number)
    table = fig15.reduce({"standard": interpretation})
    figure = drawn("fig15", table)
    assert figure.axes[-1].get_ylabel() == "clusters per hexagon"
    for axes, (_, panel) in zip(figure.axes, table.groupby("quantity", sort=False), strict=False):
        (hexagons,) = axes.collections
        assert np.asarray(hexagons.get_array()).tolist() == panel["count"].tolist()
        assert axes.texts[0].get_text().startswith(rf"$\rho={panel['rho'].iloc[0]:.3f}")
    drawn("fig21", fig21.reduce({"prescriptive": interpretation}))
    drawn("fig16", fig16.reduce({"standard": interpretation}))


def test_captions_state_the_numbers_of_the_paper_and_of_the_reduction() -> None:
    for caption in (fig15.CAPTION, fig21.CAPTION):
        assert f"{100 * CONFIDENCE:g}% interval" in caption
    for name in fig16.LOOKS:
        assert f"{PUBLISHED[f'proxy_scatter_{name}'].value}% for" in fig16.CAPTION
    assert "stand-in for those of Singh et al. (2019)" in fig21.CAPTION
    assert "D15" in fig21.CAPTION
