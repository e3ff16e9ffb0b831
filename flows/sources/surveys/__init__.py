"""Surveys of developers: one file a year, given or fetched."""
