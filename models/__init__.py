"""Records, tables and every query: what the rest of the house shares."""
