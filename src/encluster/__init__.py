"""The open pipeline of "The Importance of Being Interpretable" (Ntampaka & Vikhlinin).

The names below are loaded on first use: ``import encluster`` itself imports neither Keras nor astropy.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

# module of each name
_PLACES = {
    "ClusterCatalogs": "catalogs",
    "Configuration": "running.configuration",
    "Cosmology": "cosmology",
    "FeatureSet": "network.feature_set",
    "HaloCatalog": "halos.catalog",
    "HaloSettings": "halos.settings",
    "ScalingRelations": "halos.scaling",
    "audit": "interpretation.overspecialization",
    "build_catalog": "halos.build",
    "build_features": "network.inputs",
    "leave_one_out": "interpretation.leave_one_out",
    "load_model": "network.model",
    "predict": "network.model",
    "proxy_scatter": "interpretation.mass_proxies",
    "read_catalog": "halos.catalog",
    "saliency": "interpretation.saliency",
    "terse_values": "network.model",
}
_OF_KERAS = ("leave_one_out", "load_model", "predict", "saliency", "terse_values")

__all__ = ["__version__", *_PLACES]


def __getattr__(name: str) -> Any:
    """Return one of the names above, and import its module."""
    if name not in _PLACES:
        raise AttributeError(f"module 'encluster' has no attribute {name!r}")
    if name in _OF_KERAS:
        from encluster.network.backend import import_keras

        import_keras()
    return getattr(importlib.import_module(f"encluster.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    """Return the names above, for tab completion."""
    return __all__
