"""Judging an article: flag, kind, types, facts and place."""
