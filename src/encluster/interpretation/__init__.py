"""Interpretation of a trained network (section 5; Appendix B)."""
