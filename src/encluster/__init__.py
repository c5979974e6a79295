"""Encluster: from a halo catalogue to sigma8 with an interpretable encoder (Ntampaka & Vikhlinin)."""

from importlib.metadata import version

__version__ = version("encluster")
