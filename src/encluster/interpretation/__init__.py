"""What a trained network does, and how the numbers behind it were found (section 5; Appendix B)."""
