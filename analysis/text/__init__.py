"""Reading texts: a spaCy pipeline per language that finds pains and audience cues (:mod:`analysis.text.pipeline`)."""
