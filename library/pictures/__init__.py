"""Pictures of the exercises, drawn from the poses in data/exercises/poses."""
