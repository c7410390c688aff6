"""What the crawler and the analysis share: records, codebook, study, store, languages. Imports neither of the two."""
