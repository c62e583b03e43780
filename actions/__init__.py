"""What the assistant does beyond fixed answers: exercises, the cause finder, second guesses."""
