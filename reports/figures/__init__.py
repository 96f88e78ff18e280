"""Figures: one module per kind; each draws SVG, says its finding in words, and gives its data as a table."""
