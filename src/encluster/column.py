"""One column of a table of clusters or catalogs: values with unit, description, radii and quantities."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from encluster.types import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """One property of all clusters or of all catalogs.

    Parameters
    ----------
    values : ndarray
        (n,) or (n, w) values in `unit`.
    unit : str, optional
        Unit of the values; "1" if there is none.
    description : str, optional
        Description in words.
    radii : FloatArray, optional
        (w,) radius of each value of a profile [R500c]; NaN for a property of the whole cluster.
    quantities : tuple[str, ...], optional
        (w,) quantity of each value, if the values are of several quantities.
    """

    values: np.ndarray
    unit: str = "1"
    description: str = ""
    radii: FloatArray | None = None
    quantities: tuple[str, ...] = ()

    @property
    def attributes(self) -> dict[str, Any]:
        """Attributes of the dataset in a file, without unit and description."""
        radius = {} if self.radii is None else {"radius": self.radii}
        return radius | ({"quantity": list(self.quantities)} if self.quantities else {})

    def of(self, quantity: str) -> "Column":
        """Return the values of one quantity.

        Parameters
        ----------
        quantity : str
            One of `quantities`.

        Returns
        -------
        Column
            Column with values (n, number of radii).

        Raises
        ------
        ValueError
            If no value is of this quantity.
        """
        chosen = np.array([name == quantity for name in self.quantities], bool)
        if not chosen.any():
            there = ", ".join(dict.fromkeys(self.quantities)) or "none named"
            raise ValueError(
                f"{self.description}: no value of {quantity!r}, expected it among its quantities ({there})"
            )
        radii = None if self.radii is None else self.radii[chosen]
        return replace(self, values=self.values[:, chosen], radii=radii, quantities=(quantity,) * int(chosen.sum()))
