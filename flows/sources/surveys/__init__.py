"""Surveys of developers: one file per year, given or fetched."""
