"""What a user of the evaluation can mend."""


class EvaluationProblem(ValueError):
    """An evaluation that cannot be made as asked; the message says what to change."""
