"""Measure the speed of the pack and of preflight, as ratios against a reference that runs in the same minute."""
