"""Numbers of Fig. 4: a textbook autoencoder with the encoder of the paper's network, and a signal that passes it."""

import numpy as np
import pandas as pd

from encluster.randomness import generator
from encluster.reductions import fig05

NOISE = 0.12


def reduce(tab03: pd.DataFrame) -> pd.DataFrame:
    """Return the layers, those of the encoder mirrored into a decoder, and the signal before and after.

    Columns: ``part``; of layers (input, encoder, terse, decoder, output) ``width``; of ``signal``, a row per sample,
    ``sample`` (0 ... 14), ``signal``, ``approximation`` (arbitrary units).
    """
    autoencoder = layers(tab03)
    return pd.concat([autoencoder, _signal(autoencoder["width"].iloc[0])], ignore_index=True)


def layers(tab03: pd.DataFrame) -> pd.DataFrame:
    """Return ``part`` and ``width`` of each layer of the autoencoder."""
    table = fig05.reduce(tab03)
    encoder = table[table["part"].isin(["input", "encoder", "terse"])][["part", "width"]]
    mirrored = encoder[::-1].iloc[1:].replace({"part": {"encoder": "decoder", "input": "output"}})
    return pd.concat([encoder, mirrored], ignore_index=True)


def _signal(n: int) -> pd.DataFrame:
    """One member of a family of two peaks of common strength: the least-squares strength is its one terse value."""
    x = np.linspace(0, 1, n)
    peaks = np.exp(-(((x - 0.3) / 0.13) ** 2)) + 0.6 * np.exp(-(((x - 0.75) / 0.12) ** 2))
    signal = peaks + generator(0, "signal of fig04").normal(0, NOISE, n)
    strength = signal @ peaks / (peaks @ peaks)
    columns = {"signal": signal.round(5), "approximation": (strength * peaks).round(5)}
    return pd.DataFrame({"part": "signal", "sample": np.arange(n), **columns})
