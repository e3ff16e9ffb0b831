"""What leaves the pages: their heads, what lies beside them for programs, pictures; listed by the pages themselves."""
