"""Running the workflow: configuration, command line, checks before a run."""
