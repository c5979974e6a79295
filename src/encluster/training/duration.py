"""Estimate of the time of a training before it starts, without importing Keras."""

import os
from pathlib import Path

from encluster.training.recipes import TrainingSpec

# Useful floating-point operations per second (three times the forward pass of unpadded catalogs) with the slotted form:
# measured per processor thread, estimated for one H100. Small networks are limited by memory bandwidth.
_CPU_RATE = {"paper": 7.5e10, "compact": 1.5e10, "tiny": 1.0e9}
_CPU_RATE_BF16 = {"paper": 1.2e11}
_GPU_RATE = {"paper": 8.0e13, "compact": 3.0e12, "tiny": 1.0e11}
_START_SECONDS = 12.0
_LONG_SECONDS = 3600.0


def find_gpu() -> str | None:
    """Return the name of the first NVIDIA GPU that the driver lists.

    Returns
    -------
    str or None
        The name; None if there is no GPU or CUDA_VISIBLE_DEVICES hides it.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return None
    for information in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("Model:"):
                return line.partition(":")[2].strip()
    return None


def estimated_seconds(spec: TrainingSpec, *, n_catalogs: int, n_clusters: float, gpu: bool) -> float:
    """Estimate the time of a training.

    Parameters
    ----------
    spec : TrainingSpec
        Network and recipe.
    n_catalogs : int
        Number of catalogs in the training set.
    n_clusters : float
        Mean number of clusters in each catalog.
    gpu : bool
        Whether a GPU computes; otherwise the recipe's number of threads.

    Returns
    -------
    float
        Wall time [s].
    """
    recipe, name = spec.training, spec.architecture.name
    flops = 3 * spec.architecture.flops(n_clusters) * n_catalogs * recipe.epochs
    if gpu:
        return _START_SECONDS + flops / _GPU_RATE[name]
    rates = {**_CPU_RATE, **(_CPU_RATE_BF16 if recipe.precision == "mixed_bfloat16" else {})}
    # batches of equal size have more padding
    waste = 1.25 if recipe.recipe == "paper" else 1.0
    return _START_SECONDS + waste * flops / (rates[name] * min(recipe.threads, os.cpu_count() or 1))


def describe_plan(spec: TrainingSpec, *, n_catalogs: int, n_clusters: float = 120.0, gpu: str | None = None) -> str:
    """Return the description of a training that is shown before it starts: network, device, time, and a faster option.

    Parameters
    ----------
    spec : TrainingSpec
        Network and recipe.
    n_catalogs : int
        Number of catalogs in the training set.
    n_clusters : float, optional
        Mean number of clusters in each catalog.
    gpu : str, optional
        Name of the GPU, for example from `find_gpu`; None for the processor.

    Returns
    -------
    str
        One or two lines.
    """
    recipe = spec.training
    seconds = estimated_seconds(spec, n_catalogs=n_catalogs, n_clusters=n_clusters, gpu=gpu is not None)
    where = gpu or f"the processor, {recipe.threads} thread{'s' if recipe.threads > 1 else ''}"
    text = (
        f"Training the {spec.architecture.name} network ({spec.architecture.n_parameters():,} parameters) by the "
        f"{recipe.recipe} recipe: {n_catalogs:,} catalogs of about {n_clusters:.0f} clusters, "
        f"{recipe.epochs} epochs, on {where}: about {duration(seconds)}."
    )
    if gpu is None and seconds > _LONG_SECONDS:
        text += (
            "\nNo GPU was found. `snakemake --cores all --configfile config/laptop.yaml -- all` trains the compact "
            "network in minutes."
        )
    return text


def duration(seconds: float) -> str:
    """Return a time span in words: "40 s", "3.5 min", "2.1 h", "3.8 d".

    Parameters
    ----------
    seconds : float
        The time span [s].

    Returns
    -------
    str
        Number and unit.
    """
    for limit, unit, size in ((90, "s", 1), (5400, "min", 60), (129600, "h", 3600)):
        if seconds < limit:
            return f"{seconds / size:.{0 if size == 1 else 1}f} {unit}"
    return f"{seconds / 86400:.1f} d"
