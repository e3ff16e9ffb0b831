"""What is published, and what may be."""
