"""Prefect; nothing else imports it, and only a word of the command line reaches it."""
