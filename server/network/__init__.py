"""The page of a condition's evidence network: which treatments have been compared, and which have not."""
