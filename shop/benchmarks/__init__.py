"""Measures the shop against a simple baseline, both sides alternating in one run."""
