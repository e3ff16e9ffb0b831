"""What leaves the pages: their heads, a feed, addresses for machines, pictures. Lists come from the pages themselves."""
