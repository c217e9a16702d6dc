"""What the tables of an article say: which columns are arms, which rows are outcomes, what the numbers in cells are."""
