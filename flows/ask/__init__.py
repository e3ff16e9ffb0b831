"""A reader's question, sealed."""
