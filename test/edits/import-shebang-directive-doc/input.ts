#!/usr/bin/env node
'use strict';

/** Does foo. */
foo();
