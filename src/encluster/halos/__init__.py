"""The halo catalog: its type and contract, readers of simulation tables, and the surrogate simulation."""

from encluster.halos.catalog import HaloCatalog, read_catalog, write_catalog

__all__ = ["HaloCatalog", "read_catalog", "write_catalog"]
