"""Scoring from files, for analysts: a folder of tables in, a folder of results out, without the web service."""
