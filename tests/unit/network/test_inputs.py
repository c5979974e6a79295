"""Features: order, scaling, split, and the way back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.column import Column
from encluster.network.feature_set import FeatureSet
from encluster.network.inputs import VARIANTS, build_features, with_permuted_labels
from encluster.network.split import TESTING

RADII = 10 ** (np.arange(7) / 6 - 1)
GROUPS = {"log_temperature": slice(0, 1), "log_m_gas_shell": slice(1, 8), "gamma": slice(8, 15)}


@pytest.fixture
def mocks() -> ClusterCatalogs:
    rng = np.random.default_rng(0)
    number = rng.integers(5, 30, 40)
    n = number.sum()
    columns = {
        "sigma8": np.repeat(np.linspace(0.7, 0.9, 5), 8),
        "log_lx": rng.normal(0, 0.5, n),
        "log_m_wl": rng.normal(14, 0.3, n),
        "log_temperature": rng.normal(0.5, 0.1, n),
        "log_m_gas": rng.normal(13.0, 0.5, n),
        "log_y500": rng.normal(1.0, 0.7, n),
        "log_m_gas_shell": Column(values=rng.normal(12.5, 0.5, (n, 7)), radii=RADII),
        "gamma": Column(values=rng.normal(-1.5, 0.3, (n, 7)), radii=RADII),
    }
    offset = np.concatenate([[0], np.cumsum(number)])
    return ClusterCatalogs.of("mocks", columns, offset=offset, attributes={"source": "test"})


def test_rows_of_each_catalog_are_sorted_by_luminosity_and_complete(mocks: ClusterCatalogs) -> None:
    features = build_features(mocks, seed=1)
    low, high = features.scaling["log_temperature"]
    for c in range(len(features)):
        rows = slice(mocks.offset[c], mocks.offset[c + 1])
        assert (np.diff(features.supplementary[rows, 0]) >= 0).all()
        order = np.argsort(mocks["log_lx"][rows], kind="stable")
        expected = (mocks["log_temperature"][rows][order] - low) / (high - low)
        np.testing.assert_allclose(features.matrix[rows, 0], expected, atol=1e-6)


def test_each_group_spans_the_interval_with_one_scaling(mocks: ClusterCatalogs) -> None:
    for interval in ((0.0, 1.0), (-1.0, 1.0)):
        features = build_features(mocks, seed=1, interval=interval)
        for name, columns in GROUPS.items():
            group = features.matrix[:, columns]
            assert group.min() == pytest.approx(interval[0])
            assert group.max() == pytest.approx(interval[1])
            low, high = features.scaling[name]
            assert low == mocks[name].min()
            assert high == mocks[name].max()
        # one scaling a group: the columns keep their differences
        assert np.ptp(features.matrix[:, 1]) < interval[1] - interval[0]
        np.testing.assert_allclose(features.to_sigma8(features.label), features.sigma8, atol=1e-7)
    assert [features.to_sigma8(label) for label in (0.0, 1.0)] == pytest.approx([0.8, 0.9])


@pytest.mark.parametrize("distinct", [1, 2])
def test_labels_without_variance_are_an_error(mocks: ClusterCatalogs, distinct: int) -> None:
    few = mocks.with_columns(sigma8=np.resize([0.75, 0.85][:distinct], 40))
    with pytest.raises(ValueError, match=f"training set of 32 catalogs has {distinct} distinct value"):
        build_features(few, seed=1)
    # a network that is trained may be shown anything
    trained = build_features(mocks, seed=1)
    assert len(build_features(few, **trained.recipe)) == 40


def test_three_values_of_which_training_has_two_are_too_few(mocks: ClusterCatalogs) -> None:
    sigma8 = np.resize([0.75, 0.85], 40)
    sigma8[build_features(mocks, seed=1).indices(TESTING)] = 0.8
    with pytest.raises(ValueError, match="training set of 32 catalogs has 2 distinct values of sigma8"):
        build_features(mocks.with_columns(sigma8=sigma8), seed=1)


@pytest.mark.parametrize("name", ["log_temperature", "log_m_gas_shell", "gamma", "log_lx", "log_m_wl"])
def test_values_without_variance_or_number_are_named(mocks: ClusterCatalogs, name: str) -> None:
    values = mocks[name]
    with pytest.raises(ValueError, match=f"^features: {name} is 3 in all rows; a network cannot learn from it$"):
        build_features(mocks.with_columns(**{name: np.full_like(values, 3)}), seed=1)
    for bad in (np.nan, np.inf):
        broken = values.copy()
        broken[7] = bad
        with pytest.raises(ValueError, match=rf"^features: {name} is .*{bad}.* in row \d+, expected a number"):
            build_features(mocks.with_columns(**{name: broken}), seed=1)


def test_file_round_trip(mocks: ClusterCatalogs, tmp_path: Path) -> None:
    features = build_features(mocks, seed=1)
    path = tmp_path / "features.h5"
    features.write(path)
    back = FeatureSet.read(path, "features")
    for name in ("matrix", "supplementary", "offset", "sigma8", "label", "split", "cluster"):
        np.testing.assert_array_equal(getattr(back, name), getattr(features, name))
    assert back.scaling == features.scaling
    assert back.interval == features.interval
    assert back.source == "test"
    assert back.recipe == features.recipe
    assert back.mocks == features.mocks
    assert back.matrix.shape[1] == 15


def test_rows_can_be_found_in_the_mocks(mocks: ClusterCatalogs) -> None:
    for variant in ("standard", "shuffled"):
        features = build_features(mocks, seed=1, variant=variant)
        low, high = features.scaling["gamma"]
        expected = (mocks["gamma"][features.cluster] - low) / (high - low)
        np.testing.assert_allclose(features.matrix[:, 8:15], expected, atol=1e-6)


def test_shuffled_rows_keep_matrix_and_supplement_together(mocks: ClusterCatalogs) -> None:
    standard = build_features(mocks, seed=1)
    shuffled = build_features(mocks, seed=1, variant="shuffled")
    moved = 0
    for first, last in zip(standard.offset[:-1], standard.offset[1:], strict=True):
        # each catalog holds the same rows, matrix beside supplement, in another order
        a = np.hstack([standard.matrix[first:last], standard.supplementary[first:last]])
        b = np.hstack([shuffled.matrix[first:last], shuffled.supplementary[first:last]])
        moved += (a != b).any()
        np.testing.assert_array_equal(a[np.lexsort(a.T)], b[np.lexsort(b.T)])
    assert moved > 30
    np.testing.assert_array_equal(standard.split, shuffled.split)


def test_variants_leave_out_what_they_should(mocks: ClusterCatalogs) -> None:
    made = {name: build_features(mocks, seed=1, variant=name) for name in VARIANTS}
    np.testing.assert_array_equal(made["no_wl"].matrix, made["standard"].matrix)
    np.testing.assert_array_equal(made["no_wl"].supplementary, made["standard"].supplementary[:, :1])
    assert (made["array_of_ones"].matrix == 1).all()
    assert (made["array_of_ones"].supplementary == 1).all()
    assert made["array_of_ones"].matrix.shape == made["standard"].matrix.shape
    prescriptive = made["prescriptive"]
    assert prescriptive.matrix.shape[1] == 5
    assert prescriptive.supplementary.shape == (len(prescriptive.matrix), 0)
    low, high = mocks["log_y500"].min(), mocks["log_y500"].max()
    expected = (mocks["log_y500"][prescriptive.cluster] - low) / (high - low)
    np.testing.assert_allclose(prescriptive.matrix[:, 3], expected, atol=1e-6)
    for features in made.values():
        np.testing.assert_array_equal(features.split, made["standard"].split)
        np.testing.assert_array_equal(features.label, made["standard"].label)


def test_other_mocks_are_scaled_with_the_constants_of_the_training(mocks: ClusterCatalogs) -> None:
    trained = build_features(mocks, seed=1)
    hotter = mocks.with_columns(log_temperature=mocks["log_temperature"] + 0.3)
    again = build_features(hotter, **trained.recipe)
    low, high = trained.scaling["log_temperature"]
    np.testing.assert_allclose(again.matrix[:, 0], trained.matrix[:, 0] + 0.3 / (high - low), atol=1e-6)
    assert again.matrix[:, 0].max() > 1.0
    np.testing.assert_array_equal(again.matrix[:, 1:], trained.matrix[:, 1:])


def test_features_know_the_mocks_that_they_were_made_of(mocks: ClusterCatalogs) -> None:
    made = build_features(mocks, seed=1).mocks
    same = replace(mocks, clusters=dict(reversed(mocks.clusters.items())), attributes={"source": "other"})
    assert build_features(same, seed=2, variant="no_wl").mocks == made
    for name, column in (mocks.clusters | mocks.catalogs).items():
        other = column.values.copy()
        other.flat[-1] += 1e-6
        assert build_features(mocks.with_columns(**{name: other}), seed=1).mocks != made


def test_permuted_labels_stay_among_the_catalogs_that_a_training_sees(mocks: ClusterCatalogs) -> None:
    features = build_features(mocks, seed=1)
    permuted = with_permuted_labels(features, seed=3)
    testing = features.split == 2
    assert 0 < testing.sum() < len(testing)
    for name in ("sigma8", "label"):
        true, other = features.catalog(name), permuted.catalog(name)
        np.testing.assert_array_equal(other[testing], true[testing])
        np.testing.assert_array_equal(np.sort(other[~testing]), np.sort(true[~testing]))
        assert np.mean(other[~testing] != true[~testing]) > 0.3
    np.testing.assert_allclose(permuted.to_sigma8(permuted.label), permuted.sigma8, atol=1e-6)
    np.testing.assert_array_equal(permuted.matrix, features.matrix)
    np.testing.assert_array_equal(permuted.split, features.split)
    # reproducible, and another permutation for another seed
    np.testing.assert_array_equal(with_permuted_labels(features, seed=3).label, permuted.label)
    assert not np.array_equal(with_permuted_labels(features, seed=4).label, permuted.label)


def test_each_column_says_its_quantity_and_radius(mocks: ClusterCatalogs, tmp_path: Path) -> None:
    build_features(mocks, seed=1).write(tmp_path / "features.h5")
    matrix = FeatureSet.read(tmp_path / "features.h5", "features").clusters["matrix"]
    assert matrix.quantities == ("log_temperature", *["log_m_gas_shell"] * 7, *["gamma"] * 7)
    np.testing.assert_array_equal(matrix.radii, [np.nan, *RADII, *RADII])
    np.testing.assert_array_equal(matrix.of("gamma").values, matrix.values[:, GROUPS["gamma"]])
    with pytest.raises(ValueError, match=r"no value of 'log_lx', expected it among its quantities \(log_temp"):
        matrix.of("log_lx")


def test_an_unknown_variant_is_an_error(mocks: ClusterCatalogs) -> None:
    with pytest.raises(ValueError, match="variant 'nonsense' is not known"):
        build_features(mocks, seed=1, variant="nonsense")
