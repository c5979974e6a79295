"""Settings of the network's input and size."""

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from encluster.network.architecture import SIZES, Architecture
from encluster.settings import Real, Settings, wrong

FEWEST_LABELS = 3  # distinct values of sigma8 in a training set; two values would make a classification
_Limited = Annotated[Real, Field(ge=-100, le=100)]
_Fraction = Annotated[Real, Field(gt=0, le=1)]


class FeatureSettings(Settings):
    """Input of the network (section 3.2)."""

    fractions: tuple[_Fraction, _Fraction, _Fraction] = Field(
        (0.8, 0.1, 0.1), description="training, validation and testing parts of the catalogs"
    )
    interval: tuple[_Limited, _Limited] = Field((0.0, 1.0), description="range of scaled inputs and labels (D13)")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.interval[1] <= self.interval[0]:
            raise wrong("interval", self.interval, "the second must exceed the first")
        if abs(sum(self.fractions) - 1) > 1e-9:
            raise wrong("fractions", self.fractions, "must add up to 1")
        return self


class ArchitectureSettings(Settings):
    """The network of Table 3."""

    size: Literal["paper", "compact", "tiny"] = Field(
        "paper",
        description="paper: 10,472,834 parameters; compact: 292,322, enough for a laptop; tiny: for tests",
    )
    pooling: Literal["mean", "max"] = Field(
        "mean", description="2x1 pooling after each convolution; max is that of Appendix B"
    )
    leaky_slope: Real = Field(0.3, ge=0, lt=1, description="slope of leaky ReLU below zero (D12)")

    @property
    def architecture(self) -> Architecture:
        """The widths of all layers."""
        return replace(SIZES[self.size], pooling=self.pooling, leaky_slope=self.leaky_slope)
