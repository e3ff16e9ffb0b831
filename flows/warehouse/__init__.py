"""Tables out of landed files and sql/."""
