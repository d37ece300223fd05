import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder, writeTree } from './tree.ts'

/** Writes down how it was called, and ends with a code. */
const recorder = (code: number) => `#!/usr/bin/env node
require('node:fs').writeFileSync(
  __dirname + '/called.json',
  JSON.stringify({ argv: process.argv.slice(2), cwd: process.cwd(), plain: process.env.NO_COLOR }),
)
process.exitCode = ${code}
`

/** A project of somebody else whose programs only write down how they were called. */
export function projectWith(dev: readonly string[], program: string, code = 0): string {
  const root = temporaryFolder()
  writeTree(root, {
    'package.json': JSON.stringify({
      name: 'app',
      dependencies: { fastify: '^5.0.0' },
      devDependencies: Object.fromEntries(dev.map((name) => [name, '*'])),
    }),
    'tests/unit/a.test.js': '',
    'tests/api/b.test.js': '',
    'node_modules/.bin/package.json': '{ "type": "commonjs" }',
    [`node_modules/.bin/${program}`]: recorder(code),
  })
  chmodSync(join(root, 'node_modules/.bin', program), 0o755)
  return root
}

/** How its program was called. */
export function callOf(root: string) {
  return JSON.parse(readFileSync(join(root, 'node_modules/.bin/called.json'), 'utf8'))
}
