"""Tables: the release's numbers as files for other programs, all from one codebook."""

from reports.tables.delimited import all_csv, codebook_csv, municipality_csv, region_csv

__all__ = ["all_csv", "codebook_csv", "municipality_csv", "region_csv"]
