/** The models, one line each. */
