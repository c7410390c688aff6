"""The demonstration: a fictional diaper market, served on loopback, whose truth is known."""
