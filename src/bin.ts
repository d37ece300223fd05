#!/usr/bin/env node
import { main } from './cli/main.ts'
import { processIo } from './cli/process-io.ts'

// No top-level await: the program is built as CommonJS, which starts faster.
void main(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code
})
