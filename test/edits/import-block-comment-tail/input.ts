import a from 'a' /* one
 two */
foo()
