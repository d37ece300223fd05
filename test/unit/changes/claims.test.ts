import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commit } from '../../../src/changes/commit.ts'
import { findUnfinished, recover } from '../../../src/changes/recovery.ts'
import type { FileChange } from '../../../src/model/change.ts'
import { thisProcess } from '../../../src/system/liveness.ts'
import { temporaryFolder, treeOf, writeTree } from '../../support/tree.ts'

const history = '.create-service/history'
const soon = 60
const files = { 'a.ts': 'a', 'b.ts': 'b' }

function project(): string {
  const root = temporaryFolder()
  writeTree(root, files)
  return root
}

describe('a claim', () => {
  async function claim(changed: object, pid = process.pid): Promise<string> {
    const root = project()
    mkdirSync(join(root, 'made'))
    const head = { ...(await thisProcess()), pid, made: ['.create-service', history], ...changed }
    const entries = [{ path: 'made/x.ts', after: 'x' }]
    const transaction = { version: 1, id: 'abcd', entries, folders: ['made'] }
    writeTree(root, {
      [`${history}/${pid}-abcd.lock`]: `${JSON.stringify(head)}\n${JSON.stringify(transaction)}\n`,
      'made/.x.ts.abcd-0-new~': 'x',
      'made/.y.ts.abcd-1-new~': 'not in the list',
    })
    return root
  }

  const startOf = (pid: number) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${fields[19]}`
  }

  it.runIf(process.platform === 'linux')(
    'of a living process is waited for, then refused by its number',
    async () => {
      const living = spawn('sleep', ['60'])
      const pid = living.pid ?? 0
      const root = await claim({ start: startOf(pid) }, pid)
      const refused = { code: 'LOCKED', message: expect.stringContaining(`process ${pid}`) }
      const change: FileChange = { kind: 'create', path: 'e.ts', after: 'E' }
      await expect(recover(root, soon)).rejects.toMatchObject(refused)
      await expect(commit(root, [change], soon)).rejects.toMatchObject({ ...refused, exitCode: 3 })
      expect(await findUnfinished(root, soon)).toMatchObject(refused)
      expect(treeOf(root)).toMatchObject({ ...files, 'made/.x.ts.abcd-0-new~': 'x' })

      living.kill()
      await once(living, 'close')
      await commit(root, [change])
      expect(treeOf(root)).toEqual({
        ...files,
        'e.ts': 'E',
        'made/.y.ts.abcd-1-new~': 'not in the list',
      })
    },
  )

  it('of a process whose number another one has now is dead', async () => {
    const root = await claim({ start: 'another time' }, process.ppid)
    expect(await recover(root, soon)).toMatch(/interrupted before it wrote/)
    expect(treeOf(root)).toEqual({ ...files, 'made/.y.ts.abcd-1-new~': 'not in the list' })
    expect(readdirSync(root)).not.toContain('.create-service')
  })

  it('of another machine counts for a while', async () => {
    const root = await claim({ host: 'elsewhere' })
    const refused = { code: 'LOCKED', message: expect.stringContaining('on elsewhere') }
    await expect(recover(root, soon)).rejects.toMatchObject(refused)
    const longAgo = new Date(Date.now() - 11 * 60 * 1000)
    utimesSync(join(root, history, `${process.pid}-abcd.lock`), longAgo, longAgo)
    expect(await recover(root, soon)).toMatch(/removed/)
  })

  it.each(['', '{"pid":', '{"pid":1,"made":[]}\n{"version":1,"id":'])(
    'that was not written to its end (%j) is dead with its process',
    async (text) => {
      const root = project()
      const pid = spawnSync('true').pid
      writeTree(root, { [`${history}/${pid}-abcd.lock`]: text })
      await recover(root, soon)
      expect(readdirSync(root).sort()).toEqual(Object.keys(files))
    },
  )
})
