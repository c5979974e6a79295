"""Mock catalogs: survey selection, parameter grid, drawing (section 2.2)."""
