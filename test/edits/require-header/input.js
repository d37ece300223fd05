#!/usr/bin/env node
'use strict'

/** The start. */
foo()
