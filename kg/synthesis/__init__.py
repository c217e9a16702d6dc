"""Statistics of several trials together: numbers in, numbers out; knows no graph and no page."""
