"""Numbers of Fig. 19: true and predicted sigma8 of the prescriptive model (Appendix B)."""

from encluster.reductions.fig08 import reduce

__all__ = ["reduce"]
