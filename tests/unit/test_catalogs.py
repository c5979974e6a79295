"""Ragged tables of catalogs: against plain loops, through a file, and with mistakes planted on purpose."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from encluster.catalogs import ClusterCatalogs, owners, write_blocks
from encluster.column import Column
from encluster.layouts import LAYOUTS
from factories import RADII

SIZES = [3, 0, 4, 1]


@pytest.fixture
def catalogs() -> ClusterCatalogs:
    rng = np.random.default_rng(0)
    lengths = {"catalog": len(SIZES), "cluster": sum(SIZES), "feature": 15}
    columns = {
        place.partition("/")[2]: rng.random([lengths[axis] for axis in layout.shape]).astype(layout.dtype)
        for place, layout in LAYOUTS["interpretation"].items()
        if place != "catalogs/offset"
    }
    quantities = ("log_temperature", *["log_m_gas_shell"] * 7, *["gamma"] * 7)
    saliency = Column(values=columns["saliency"], radii=np.array([np.nan, *RADII, *RADII]), quantities=quantities)
    return ClusterCatalogs.of(
        "interpretation",
        columns | {"saliency": saliency, "cluster": np.arange(8)},
        offset=np.concatenate([[0], np.cumsum(SIZES)]),
        attributes={"source": "test", "variant": "standard"},
    )


def assert_same(first: ClusterCatalogs, second: ClusterCatalogs) -> None:
    np.testing.assert_array_equal(first.offset, second.offset)
    for ours, theirs in ((first.clusters, second.clusters), (first.catalogs, second.catalogs)):
        assert list(ours) == list(theirs) != []
        for name, column in ours.items():
            np.testing.assert_array_equal(column.values, theirs[name].values)
            np.testing.assert_array_equal(column.radii, theirs[name].radii)
            assert (column.unit, column.quantities) == (theirs[name].unit, theirs[name].quantities)


def test_the_ragged_index_is_that_of_a_plain_loop(catalogs: ClusterCatalogs) -> None:
    assert len(catalogs) == 4
    assert catalogs.n_clusters.tolist() == SIZES
    assert catalogs.owner.tolist() == owners(catalogs.offset).tolist() == [0, 0, 0, 2, 2, 2, 2, 3]
    assert catalogs.owner is catalogs.owner
    assert catalogs.rows([2, 1, 0]).tolist() == [3, 4, 5, 6, 0, 1, 2]
    assert catalogs.clusters["log_lx"].unit == "dex(1e44 erg/s)"
    assert len(catalogs["log_lx"]) == 8
    assert len(catalogs.catalog("sigma8")) == 4


@pytest.mark.parametrize("chosen", [[3, 0], [2, 2, 1], []])
def test_selected_catalogs_come_in_the_order_asked_for(catalogs: ClusterCatalogs, chosen: list[int]) -> None:
    some = catalogs.select(chosen)
    assert some.n_clusters.tolist() == [SIZES[c] for c in chosen]
    rows = [row for c in chosen for row in range(catalogs.offset[c], catalogs.offset[c + 1])]
    assert some["cluster"].tolist() == rows
    np.testing.assert_array_equal(some["saliency"], catalogs["saliency"][rows])
    assert some.catalog("sigma8").tolist() == [catalogs.catalog("sigma8")[c] for c in chosen]
    assert some.clusters["saliency"].quantities == catalogs.clusters["saliency"].quantities
    assert some.source == "test"


def test_changed_columns_keep_what_is_said_of_them(catalogs: ClusterCatalogs) -> None:
    changed = catalogs.with_columns(saliency=-catalogs["saliency"], sigma8=np.full(4, 0.8))
    np.testing.assert_array_equal(changed["saliency"], -catalogs["saliency"])
    assert changed.catalog("sigma8").tolist() == [0.8] * 4
    assert changed.clusters["saliency"].quantities == catalogs.clusters["saliency"].quantities
    assert_same(changed.with_columns(saliency=catalogs["saliency"], sigma8=catalogs.catalog("sigma8")), catalogs)


def test_a_file_holds_all_of_it_and_may_be_read_in_part(catalogs: ClusterCatalogs, tmp_path: Path) -> None:
    catalogs.write(tmp_path / "x.h5")
    back = ClusterCatalogs.read(tmp_path / "x.h5", "interpretation")
    ours = replace(back, clusters={name: back.clusters[name] for name in catalogs.clusters})
    assert_same(replace(ours, catalogs={name: back.catalogs[name] for name in catalogs.catalogs}), catalogs)
    assert back.attributes == {"source": "test", "variant": "standard"}
    part = ClusterCatalogs.read(tmp_path / "x.h5", "interpretation", ("terse", "sigma8"))
    assert (list(part.clusters), list(part.catalogs)) == (["terse"], ["sigma8"])
    assert part.owner.tolist() == catalogs.owner.tolist()
    with pytest.raises(ValueError, match="interpretation: no column 'log_l'; there are"):
        ClusterCatalogs.read(tmp_path / "x.h5", "interpretation", ("log_l",))
    with pytest.raises(KeyError, match="'log_lx' is no column of its clusters; there are terse"):
        part["log_lx"]
    with h5py.File(tmp_path / "x.h5") as file:
        assert list(file["clusters/saliency"].attrs["quantity"]) == list(catalogs.clusters["saliency"].quantities)


def test_blocks_make_the_bytes_of_the_whole(catalogs: ClusterCatalogs, tmp_path: Path) -> None:
    catalogs.write(tmp_path / "whole.h5")
    blocks = (catalogs.select(part) for part in ([0], [1, 2], [3]))
    write_blocks(tmp_path / "blocks.h5", catalogs.n_clusters, blocks, catalogs.attributes)
    assert (tmp_path / "blocks.h5").read_bytes() == (tmp_path / "whole.h5").read_bytes()


def test_mistakes_are_named(catalogs: ClusterCatalogs, tmp_path: Path) -> None:
    offset = catalogs.offset
    for columns, wrong, message in (
        ({"terse": np.zeros(7)}, offset, "interpretation: terse has 7 rows, expected 8 clusters"),
        ({"sigma8": np.zeros(8)}, offset, "interpretation: sigma8 has 8 rows, expected 4 catalogs"),
        ({}, offset + 1, "interpretation: offset starts at 1, expected 0"),
        ({}, np.array([0, 3, 2]), "expected 0 and ascending numbers"),
        ({"tersed": np.zeros(8)}, offset, "interpretation: no column 'tersed'"),
    ):
        with pytest.raises(ValueError, match=message):
            ClusterCatalogs.of("interpretation", columns, offset=wrong)
    catalogs.write(tmp_path / "y.h5")
    with h5py.File(tmp_path / "y.h5", "a") as file:
        file["catalogs/offset"][-1] = 9
    with pytest.raises(ValueError, match=r"y\.h5: interpretation: \w+ has 8 rows, expected 9 clusters; make it again"):
        ClusterCatalogs.read(tmp_path / "y.h5", "interpretation")
    few = replace(catalogs, clusters={"terse": catalogs.clusters["terse"]})
    with pytest.raises(ValueError, match=r"x\.h5: clusters/cluster is missing"):
        few.write(tmp_path / "x.h5")
    assert not (tmp_path / "x.h5").exists()
