"""Measurements: ratios against named baselines in one run. ``make bench`` prints them and writes ``bench.json``."""
