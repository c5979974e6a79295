"""The scorecard: each published number beside ours, with a verdict, and a sentence where they differ."""
