// @ts-check
foo()
