#!/usr/bin/env node
'use strict';

import u from './u.ts';

/** Does foo. */
foo();
