"""The published numbers, alternative interpretations of the text, typesetting and the scorecard."""
