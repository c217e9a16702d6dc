"""What a whole article says beside its results: who could take part, how many went where, whom it cites, who paid."""
