#!/usr/bin/env node
foo();
