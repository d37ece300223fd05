// DO NOT EDIT
foo()
