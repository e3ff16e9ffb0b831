"""Everything that speaks to the outside: requests, their pace and limits, the mirror, and what counts as an answer."""
