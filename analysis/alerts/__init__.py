"""What a study's people want to be told of without asking: found in the store, told once, by the channels that the study names.

``pages``, ``pains``, ``verdicts``, ``sources`` and ``health`` find what has happened; ``ledger`` knows what was told; ``wording`` and
``digest`` say it; ``message`` writes it for one channel, safely; ``channels`` sends it; ``rounds`` does one round of all that.
Rules and their false alarms: ``docs/explanation/alerts.md``.
"""
