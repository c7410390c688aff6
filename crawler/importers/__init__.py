"""Files that people already have, read into the store: exports of platforms and tools, and plain tables.

A file is opened as a :class:`crawler.importers.tables.Table` of rows, a format (``formats/``, one file each) or the columns
themselves say what each column is (a :class:`crawler.importers.mapping.Mapping`), and each row becomes a post and what is left.
"""
