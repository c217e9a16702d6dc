"""The second reader: re-computes what a report prints and says where its numbers do not fit each other.

Plain functions over findings; nothing here knows a graph. One module for each family of checks, ``paper`` runs them.
"""
