"""The sizes of the network (Table 3), in a module without Keras, so that dry runs can read them."""

import itertools
from dataclasses import dataclass

KERNEL_ROWS = 4


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """Widths of the encoder, the CNN and the fully connected layers, in the pattern of Table 3.

    The last hidden layer of the encoder and the last one of the fully connected layers are linear, all others leaky
    ReLU; the terse value and the output have no activation. Every layer has a bias (decision D11).

    Parameters
    ----------
    name : str
        Name in the configuration.
    encoder : tuple of int
        Widths of the repeated networks before the terse value.
    convolutions : tuple of int
        Filters of the 4x1 convolutions, each followed by a 2x1 pooling.
    dense : tuple of int
        Widths of the fully connected layers before the output.
    encoder_dropout : float, optional
        Share of the first repeated network's outputs dropped in training.
    dense_dropout : float, optional
        Share of the outputs of every fully connected layer but the last dropped in training.
    pooling : str, optional
        Type of the 2x1 poolings, "mean" (Table 3) or "max" (Appendix B); the global pooling is a maximum in both cases.
    leaky_slope : float, optional
        Slope of leaky ReLU below zero (decision D12).
    """

    name: str
    encoder: tuple[int, ...]
    convolutions: tuple[int, ...]
    dense: tuple[int, ...]
    encoder_dropout: float = 0.25
    dense_dropout: float = 0.30
    pooling: str = "mean"
    leaky_slope: float = 0.3

    @property
    def levels(self) -> int:
        """Number of 2x1 poolings; the CNN reads at least 2**levels rows."""
        return len(self.convolutions)

    def n_parameters(self, n_features: int = 15, n_supplementary: int = 2) -> int:
        """Return the number of trainable parameters; 10,472,834 for the paper's network (section 3.1).

        Parameters
        ----------
        n_features, n_supplementary : int, optional
            Columns of the 2D input and of the supplementary data.

        Returns
        -------
        int
            Number of weights and biases.
        """
        return sum((fan_in + 1) * fan_out for fan_in, fan_out, _ in self._products(n_features, n_supplementary))

    def flops(self, n_clusters: float, n_features: int = 15, n_supplementary: int = 2) -> float:
        """Return the floating-point operations of one forward pass over a catalog.

        Parameters
        ----------
        n_clusters : float
            Number of clusters in the catalog.
        n_features, n_supplementary : int, optional
            Columns of the 2D input and of the supplementary data.

        Returns
        -------
        float
            Multiplications and additions of all matrix products.
        """
        products = self._products(n_features, n_supplementary)
        return sum(2.0 * fan_in * fan_out * (rows * n_clusters or 1) for fan_in, fan_out, rows in products)

    def _products(self, n_features: int, n_supplementary: int) -> list[tuple[int, int, float]]:
        """Return (fan in, fan out, rows per cluster) of each matrix product; zero rows mean one row per catalog."""
        encoder = (n_features, *self.encoder, 1)
        found = [(a, b, 1.0) for a, b in itertools.pairwise(encoder)]
        filters = (1 + n_supplementary, *self.convolutions)
        found += [(KERNEL_ROWS * a, b, 0.5**level) for level, (a, b) in enumerate(itertools.pairwise(filters))]
        dense = (self.convolutions[-1], *self.dense, 1)
        return found + [(a, b, 0.0) for a, b in itertools.pairwise(dense)]


PAPER = Architecture(
    name="paper",
    encoder=(2048, 1024, 512, 256, 128, 64, 32),
    convolutions=(128, 256, 512, 1024),
    dense=(2048, 1024, 512, 256, 128),
)
# No dropout in the encoder: with its noise, the global maximum depends on the number of rows in training, but not in
# prediction. On the validation set this doubles the mean squared error of Shuffled and does not change the others.
COMPACT = Architecture(
    name="compact",
    encoder=(128, 64, 32),
    convolutions=(32, 64, 128, 256),
    dense=(256, 128, 64),
    encoder_dropout=0.0,
)
TINY = Architecture(name="tiny", encoder=(16, 8), convolutions=(4, 8, 8, 16), dense=(16, 8))
SIZES = {architecture.name: architecture for architecture in (PAPER, COMPACT, TINY)}
