"""Pages in a browser, for people without chat: each behind a signed link from an e-mail, about one thing."""
