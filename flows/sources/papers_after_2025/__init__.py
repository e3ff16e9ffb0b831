"""Papers after the archive ended: what its successors list."""
