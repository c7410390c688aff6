"""Questionnaires made out of a study: what to ask, and the forms that it is asked with."""
