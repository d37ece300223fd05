import a from 'a'

foo()
