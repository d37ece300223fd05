foo()
