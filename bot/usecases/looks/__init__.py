"""Looks: read the record and give a view; they change nothing."""
