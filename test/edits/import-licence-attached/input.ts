/*! MIT */
foo()
