"""A study's tables as files for other programs: CSV, XLSX, Parquet, JSON Lines, or a data package with its codebook."""
