"""Documents: figures, PDF reports and tables made from a release, and from nothing else."""
