"""Training of the network (section 3.3)."""
