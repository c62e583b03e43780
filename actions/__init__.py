"""What the assistant does beyond fixed answers: exercises, the cause finder, second guesses.

`rasa_sdk --actions actions` finds the actions in the modules of this package by itself.
"""
