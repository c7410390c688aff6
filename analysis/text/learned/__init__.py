"""A linear model over clauses that weighs the rules' answers against the words around them.

Fitted on coded posts by :mod:`analysis.text.learned.fit`; its features are words and rule answers that can be read.
"""
