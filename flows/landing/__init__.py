"""Bytes on disk, each with a card that says where they come from."""
