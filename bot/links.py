"""Signed links for e-mails: one thing and one person each, until a day."""
