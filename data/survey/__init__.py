"""Questionnaires on the codebook: what is asked, how answers are written, and which code each answer is."""
