"""Many catalogs of clusters in one ragged table: mock catalogs, network inputs and interpretations."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from encluster import hdf5
from encluster.column import Column
from encluster.layouts import LAYOUTS
from encluster.types import IntArray

_ABOUT_FILE = ("format", "format_version")


def owners(offset: IntArray) -> IntArray:
    """Return the catalog that each cluster belongs to.

    Parameters
    ----------
    offset : IntArray
        (n_catalogs + 1,) catalog c has clusters offset[c]:offset[c + 1].

    Returns
    -------
    IntArray
        (n_clusters,) ascending indices of catalogs.
    """
    return np.repeat(np.arange(len(offset) - 1), np.diff(offset))


@dataclass(frozen=True, kw_only=True, eq=False)
class ClusterCatalogs:
    """Many catalogs of clusters; the clusters of one catalog are adjacent.

    Parameters
    ----------
    kind : str
        Kind of the catalogs, a key of `encluster.layouts.LAYOUTS`, which has units and descriptions.
    clusters, catalogs : Mapping[str, Column]
        Columns of clusters and of catalogs by name.
    offset : IntArray
        (n_catalogs + 1,) catalog c has clusters offset[c]:offset[c + 1].
    attributes : Mapping[str, Any], optional
        Properties of all catalogs together, such as ``source``, the simulation that the numbers come from.

    Raises
    ------
    ValueError
        If `offset` does not start at 0 and ascend, or the length of a column disagrees with it.
    """

    kind: str
    clusters: Mapping[str, Column]
    catalogs: Mapping[str, Column]
    offset: IntArray
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.offset[0] != 0 or (np.diff(self.offset) < 0).any():
            raise ValueError(f"{self.kind}: offset starts at {self.offset[0]}, expected 0 and ascending numbers")
        for columns, what, expected in (
            (self.clusters, "clusters", int(self.offset[-1])),
            (self.catalogs, "catalogs", len(self)),
        ):
            for name, column in columns.items():
                if len(column.values) != expected:
                    raise ValueError(f"{self.kind}: {name} has {len(column.values)} rows, expected {expected} {what}")

    @classmethod
    def of(
        cls,
        kind: str,
        columns: Mapping[str, Any],
        *,
        offset: IntArray,
        attributes: Mapping[str, Any] | None = None,
    ) -> Self:
        """Return catalogs made from columns of a layout.

        Parameters
        ----------
        kind : str
            A key of `encluster.layouts.LAYOUTS`.
        columns : Mapping[str, Any]
            Values of some or all columns of the layout, by name; a `Column` if the values have radii or quantities.
        offset : IntArray
            (n_catalogs + 1,) as in `ClusterCatalogs`.
        attributes : Mapping[str, Any], optional
            As in `ClusterCatalogs`.

        Returns
        -------
        ClusterCatalogs
            The catalogs.
        """
        tables: dict[str, dict[str, Column]] = {"clusters": {}, "catalogs": {}}
        for name, values in columns.items():
            table = _table_of(kind, name)
            layout = LAYOUTS[kind][f"{table}/{name}"]
            column = values if isinstance(values, Column) else Column(values=np.asarray(values))
            tables[table][name] = replace(column, unit=layout.unit, description=layout.description)
        return cls(kind=kind, **tables, offset=np.asarray(offset), attributes=attributes or {})

    @classmethod
    def read(cls, path: Path, kind: str, columns: Iterable[str] | None = None) -> Self:
        """Read catalogs, or some columns of them.

        Parameters
        ----------
        path : Path
            An HDF5 file that `write` made.
        kind : str
            The key of `encluster.layouts.LAYOUTS` that the file must have.
        columns : Iterable[str], optional
            Names of columns; all by default.

        Returns
        -------
        ClusterCatalogs
            The catalogs.

        Raises
        ------
        ValueError
            If the file is not valid (see `encluster.hdf5.opening_h5`), the layout has no such column, or `offset` does
            not fit the columns.
        """
        chosen = None if columns is None else {f"{_table_of(kind, name)}/{name}" for name in columns}
        tables: dict[str, dict[str, Column]] = {"clusters": {}, "catalogs": {}}
        with hdf5.opening_h5(path, kind) as file:
            for place in LAYOUTS[kind]:
                if place == "catalogs/offset" or (chosen is not None and place not in chosen):
                    continue
                table, name = place.split("/")
                about = file[place].attrs
                tables[table][name] = Column(
                    values=file[place][...],
                    unit=str(about["unit"]),
                    description=str(about["description"]),
                    radii=about.get("radius"),
                    quantities=tuple(map(str, about.get("quantity", ()))),
                )
            offset = file["catalogs/offset"][...]
            attributes = {name: value for name, value in file.attrs.items() if name not in _ABOUT_FILE}
        try:
            return cls(kind=kind, **tables, offset=offset, attributes=attributes)
        except ValueError as error:
            raise ValueError(f"{path}: {error}; make it again") from error

    def write(self, path: Path) -> None:
        """Write all columns of the layout.

        Parameters
        ----------
        path : Path
            The HDF5 file to make.

        Raises
        ------
        ValueError
            If a column is missing or has another number of axes.
        """
        write_blocks(path, self.n_clusters, [self], self.attributes)

    def __len__(self) -> int:
        """Return the number of catalogs."""
        return len(self.offset) - 1

    def __getitem__(self, name: str) -> np.ndarray:
        """Return a property of all clusters, (n_clusters,) or (n_clusters, w)."""
        return self._column("clusters", name).values

    def catalog(self, name: str) -> np.ndarray:
        """Return a property of all catalogs.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        ndarray
            (n_catalogs,) values.
        """
        return self._column("catalogs", name).values

    def _column(self, table: str, name: str) -> Column:
        columns: Mapping[str, Column] = getattr(self, table)
        if name not in columns:
            raise KeyError(f"{self.kind}: {name!r} is no column of its {table}; there are {', '.join(columns)}")
        return columns[name]

    @property
    def source(self) -> str:
        """The simulation that the numbers come from."""
        return str(self.attributes["source"])

    @cached_property
    def n_clusters(self) -> IntArray:
        """(n_catalogs,) number of clusters in each catalog."""
        return np.diff(self.offset)

    @cached_property
    def owner(self) -> IntArray:
        """(n_clusters,) the catalog that each cluster belongs to."""
        return owners(self.offset)

    def rows(self, indices: IntArray | Sequence[int]) -> IntArray:
        """Return the rows of the clusters of some catalogs, one catalog after another.

        Parameters
        ----------
        indices : IntArray or Sequence[int]
            (m,) indices of catalogs.

        Returns
        -------
        IntArray
            (n_rows,) rows of clusters.
        """
        indices = np.asarray(indices, int)
        n = self.n_clusters[indices]
        return np.repeat(self.offset[indices] - (np.cumsum(n) - n), n) + np.arange(n.sum())

    def select(self, indices: IntArray | Sequence[int]) -> Self:
        """Return some catalogs, in this order.

        Parameters
        ----------
        indices : IntArray or Sequence[int]
            (m,) indices of catalogs.

        Returns
        -------
        ClusterCatalogs
            The m catalogs.
        """
        indices = np.asarray(indices, int)
        rows = self.rows(indices)
        return replace(
            self,
            clusters={name: replace(c, values=c.values[rows]) for name, c in self.clusters.items()},
            catalogs={name: replace(c, values=c.values[indices]) for name, c in self.catalogs.items()},
            offset=np.concatenate([[0], np.cumsum(self.n_clusters[indices])]),
        )

    def with_columns(self, **columns: Any) -> Self:
        """Return the same catalogs with other values of some columns, or with more columns of the layout.

        Parameters
        ----------
        **columns : Any
            As in `ClusterCatalogs.of`; plain values keep the column's radii and quantities.

        Returns
        -------
        ClusterCatalogs
            The changed catalogs.
        """
        made = self.of(self.kind, columns, offset=self.offset)
        tables = {table: dict(getattr(self, table)) for table in ("clusters", "catalogs")}
        for table, held in tables.items():
            for name, column in getattr(made, table).items():
                known = isinstance(columns[name], Column) or name not in held
                held[name] = column if known else replace(held[name], values=column.values)
        return replace(self, **tables)  # type: ignore[arg-type]


def write_blocks(
    path: Path, n_clusters: IntArray, blocks: Iterable[ClusterCatalogs], attributes: Mapping[str, Any]
) -> None:
    """Write catalogs that come in blocks; at most two blocks are in memory.

    Parameters
    ----------
    path : Path
        The HDF5 file to make; its bytes do not depend on the sizes of the blocks.
    n_clusters : IntArray
        (n_catalogs,) number of clusters in each catalog.
    blocks : Iterable[ClusterCatalogs]
        Consecutive catalogs of one kind.
    attributes : Mapping[str, Any]
        Attributes of the file; at least ``source``.

    Raises
    ------
    ValueError
        If a column of the layout is missing or has another number of axes.
    """
    blocks = iter(blocks)
    first = next(blocks)
    offset = np.concatenate([[0], np.cumsum(n_clusters)])
    sizes = {"catalog": len(n_clusters), "catalog+1": len(offset), "cluster": int(offset[-1])}
    columns = {f"clusters/{name}": c for name, c in first.clusters.items()}
    columns |= {f"catalogs/{name}": c for name, c in first.catalogs.items()}
    for place, layout in LAYOUTS[first.kind].items():
        if place == "catalogs/offset":
            continue
        if place not in columns or columns[place].values.ndim != len(layout.shape):
            raise ValueError(f"{path}: {place} is missing or does not have the axes {', '.join(layout.shape)}")
        sizes.update(zip(layout.shape[1:], columns[place].values.shape[1:], strict=True))
    about = {place: column.attributes for place, column in columns.items()}
    with hdf5.creating_h5(path, first.kind, sizes, attributes, about) as file:
        file["catalogs/offset"][...] = offset
        begin = 0
        for block in itertools.chain([first], blocks):
            end = begin + len(block)
            for name, column in block.catalogs.items():
                file[f"catalogs/{name}"][begin:end] = column.values
            for name, column in block.clusters.items():
                file[f"clusters/{name}"][offset[begin] : offset[end]] = column.values
            begin = end


def _table_of(kind: str, name: str) -> str:
    """Return whether a layout's column is one of clusters or of catalogs."""
    for table in ("clusters", "catalogs"):
        if f"{table}/{name}" in LAYOUTS[kind]:
            return table
    raise ValueError(f"{kind}: no column {name!r}; there are {', '.join(LAYOUTS[kind])}")
