"""All kinds of evidence side by side on one codebook, where they agree, and whether real customers are those we aim at.

Rules, fixed before looking, stand in ``docs/explanation/triangulation.md``.
"""
