"""Gets data in and runs the refresh."""
