"""From the results of a stage to the small table behind each figure: one module a target, `reduce` in each."""
