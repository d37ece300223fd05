#!/usr/bin/env node
'use strict'

const u = require('./u.js')

/** The start. */
foo()
