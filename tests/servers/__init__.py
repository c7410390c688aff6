"""Servers that the tests crawl over HTTP: small ones of our own with every bad habit, and real forums."""
