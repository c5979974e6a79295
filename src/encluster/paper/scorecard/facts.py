"""What made a run's numbers: halos, X-ray photons, network and training recipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from encluster.paper.typesetting import literal


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a reader must know to judge the numbers of a run.

    Parameters
    ----------
    source : str
        The halos: "surrogate", or the name of a list.
    photons : {"simulate", "simput"}
        The X-ray photons: simulated, or from the photon lists of the portal.
    architecture : str
        Size of the network; "paper" is that of Table 3.
    parameters : int
        Number of trainable parameters.
    recipe : str
        Training recipe; "paper" is that of section 3.3.
    epochs : int
        Length of the training.
    encoder_dropout : float, optional
        Dropout of the encoder; 0.25 in Table 3. NaN if unknown.
    widened : float, optional
        Share of the mock clusters whose scatter comes from outside the mass window [%]; NaN if unknown.
    """

    source: str
    photons: str
    architecture: str
    parameters: int
    recipe: str
    epochs: int
    encoder_dropout: float = np.nan
    widened: float = np.nan

    @classmethod
    def of_run(cls, provenance: Mapping[str, Any], numbers: pd.DataFrame) -> "Facts":
        """Return the facts of a run.

        Parameters
        ----------
        provenance : Mapping
            The provenance.json of the Standard model.
        numbers : pd.DataFrame
            The measured_numbers.csv of the run.

        Returns
        -------
        Facts
            What made the numbers.

        Raises
        ------
        ValueError
            If the two come from different simulations.
        """
        source, photons = numbers[["source", "photons"]].iloc[0]
        if provenance["source"] != source:
            raise ValueError(
                f"the model was trained on {provenance['source']!r} halos, the numbers come from {source!r} halos"
            )
        architecture = provenance["spec"]["architecture"]
        return cls(
            source=str(source),
            photons=str(photons),
            architecture=architecture["name"],
            parameters=provenance["parameters"],
            recipe=provenance["spec"]["training"]["recipe"],
            epochs=provenance["spec"]["training"]["epochs"],
            encoder_dropout=float(architecture.get("encoder_dropout", np.nan)),
            widened=float(next(iter(numbers.loc[numbers["name"] == "widened", "value"]), np.nan)),
        )

    @property
    def halos(self) -> str:
        """The halos, in words."""
        return "the surrogate halos" if self.source == "surrogate" else f"the halo list '{literal(self.source)}'"

    @property
    def network(self) -> str:
        """The network and its training, in words."""
        size, recipe = ("the paper's" if x == "paper" else f"the {x}" for x in (self.architecture, self.recipe))
        return f"{size} network ({self.parameters:,} parameters), {self.epochs:,} epochs with {recipe} recipe"

    @property
    def dropout(self) -> str:
        """The dropout of the encoder, in words; empty if unknown."""
        if np.isnan(self.encoder_dropout):
            return ""
        return (
            f"encoder dropout of {self.encoder_dropout:g}" if self.encoder_dropout else "without the encoder's dropout"
        )

    @property
    def words(self) -> dict[str, str]:
        """What a text on a number of the run may quote, by name."""
        return {
            "halos": self.halos,
            "architecture": self.architecture,
            "recipe": self.recipe,
            "epochs": f"{self.epochs:,}",
            "dropout": self.dropout,
        }

    @property
    def made_with(self) -> str:
        """All facts, as a sentence."""
        halos = "surrogate halos (drawn from measured numbers, not Magneticum itself)"
        photons = "simulated X-ray photons" if self.photons == "simulate" else "the X-ray photon lists of the portal"
        said = f"This run: {halos if self.source == 'surrogate' else self.halos}; {photons}; {self.network}."
        if np.isfinite(self.widened):
            said += f" {self.widened:.1f} % of the mock clusters have a scatter from outside the mass window (D9)."
        return said
