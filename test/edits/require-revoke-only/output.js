'use strict'

foo()
