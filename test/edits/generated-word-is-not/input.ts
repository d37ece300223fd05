// Handles the code that a user generated.
foo()
