"""Rows in, pages and protocol out: the web application and the command line."""
