"""The halo catalog: its type and contract, readers of simulation tables, and the surrogate simulation."""
