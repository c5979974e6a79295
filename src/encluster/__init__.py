"""Encluster: from a halo catalogue to sigma8 with an interpretable encoder (Ntampaka & Vikhlinin)."""

__version__ = "0.1.0"
