"""The same work on any number of machines: Procrastinate (MIT) keeps the jobs in the PostgreSQL that holds the data."""
