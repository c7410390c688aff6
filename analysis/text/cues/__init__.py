"""Audience cues: who is speaking, and how they live (CODEBOOK, sections 1 and 4)."""

from analysis.text.cues.component import NAME, Cues, make_cues

__all__ = ["NAME", "Cues", "make_cues"]
