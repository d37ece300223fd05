import u from './u.js'

// Handles the code that a user generated.
foo()
