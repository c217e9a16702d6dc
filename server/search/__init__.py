"""The search on the server: its addresses, its page, its JSON interface and its tables."""
