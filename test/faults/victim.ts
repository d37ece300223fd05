// A process that commits and gets killed meanwhile: node victim.js <root> <number of a write>. Before
// that write it says so and waits until it is killed; after the last one it ends by itself.
import { writeSync } from 'node:fs'
import { commit } from '../../src/changes/commit.ts'
import { withDiskCalls } from './disk-calls.ts'
import { makeProject } from './scenario.ts'

const [root = '', at = ''] = process.argv.slice(2)
const changes = makeProject(root)
const word = new Int32Array(new SharedArrayBuffer(4))
let count = 0

writeSync(1, 'ready\n')
await withDiskCalls(
  root,
  ({ isWrite }) => {
    if (isWrite) count += 1
    if (count !== Number(at)) return
    writeSync(1, 'there\n')
    Atomics.wait(word, 0, 0, 120_000)
  },
  () => commit(root, changes),
)
