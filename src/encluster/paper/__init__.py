"""The published values, alternative readings of the text, measured numbers and the scorecard."""
