"""Encluster: from a halo catalog to sigma8 with an interpretable encoder (Ntampaka & Vikhlinin)."""

__version__ = "0.1.0"
