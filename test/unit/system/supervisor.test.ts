import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { supervise } from '../../../src/system/supervisor.ts'
import { temporaryFolder } from '../../support/tree.ts'

const node = (code: string) => ({ program: process.execPath, args: ['-e', code], cwd: '/' })

describe('a supervisor', () => {
  it('gives the exit code and all that was printed', async () => {
    const supervisor = supervise()
    const ended = await supervisor.run(
      node(
        'console.log(process.env.WORD ?? "none"); console.error(process.env.HOME); process.exit(3)',
      ),
      { WORD: 'é', HOME: undefined },
    )
    supervisor.close()
    expect(ended).toEqual({ exitCode: 3, output: 'é\nundefined\n' })
  })

  it('does not wait for what keeps the output open', async () => {
    const supervisor = supervise()
    const ended = await supervisor.run(
      node(`
        const child = require('node:child_process').spawn(process.execPath,
          ['-e', 'setTimeout(() => {})'], { stdio: 'inherit' })
        child.unref()
        console.log(child.pid)
      `),
    )
    supervisor.close()
    expect(ended.exitCode).toBe(0)
    expect(await isGone(Number(ended.output))).toBe(true)
  })

  it('says so where a program is not there', async () => {
    const supervisor = supervise()
    const command = { program: 'no-such-program', args: [], cwd: '/' }
    await expect(supervisor.run(command)).rejects.toThrow("isn't installed")
    supervisor.close()
  })

  it('says so where a program is no program', async () => {
    const file = join(temporaryFolder(), 'plain')
    writeFileSync(file, '')
    const supervisor = supervise()
    const command = { program: file, args: [], cwd: '/' }
    await expect(supervisor.run(command)).rejects.toThrow("can't be started (EACCES)")
    supervisor.close()
  })

  it.each([
    ['SIGSEGV', 139],
    ['SIGABRT', 134],
  ])('gives the code of shells where a program ended by %s', async (signal, exitCode) => {
    const supervisor = supervise()
    const ended = await supervisor.run(node(`process.kill(process.pid, '${signal}')`))
    supervisor.close()
    expect(ended.exitCode).toBe(exitCode)
  })

  it('leaves nothing running when it is closed', async () => {
    const file = join(temporaryFolder(), 'ids')
    const supervisor = supervise()
    const run = supervisor.run(node(`${write('String(process.pid)')}; ${stay}`), { IDS: file })
    const id = Number(await contentOf(file))
    supervisor.close()
    const isKilled = await isGone(id)
    if (!isKilled) process.kill(id)
    await run
    expect(isKilled).toBe(true)
  })

  it('leaves no listener behind', () => {
    const before = process.listenerCount('SIGINT')
    const supervisor = supervise()
    expect(process.listenerCount('SIGINT')).toBe(before + 1)
    supervisor.close()
    expect(process.listenerCount('SIGINT')).toBe(before)
  })
})

/** Runs a program that writes ids of processes into a file, sends signals then, and gives how it ended. */
async function cancelled(code: string, signals: readonly NodeJS.Signals[], graceMs?: number) {
  const file = join(temporaryFolder(), 'ids')
  const supervisor = supervise(graceMs)
  const run = supervisor.run(node(code), { IDS: file })
  const ids = await contentOf(file)
  for (const signal of signals) {
    process.emit(signal, signal)
    // Longer than one key counts as one.
    if (signals.length > 1) await sleep(600)
  }
  const ended = await run
  supervisor.close()
  const gone = await Promise.all(ids.split(' ').map((id) => isGone(Number(id))))
  return { ...ended, isCancelled: supervisor.isCancelled(), allGone: gone.every(Boolean) }
}

const tell = `require('node:fs').renameSync(process.env.IDS + '~', process.env.IDS)`
const write = (ids: string) =>
  `require('node:fs').writeFileSync(process.env.IDS + '~', ${ids}); ${tell}`
const stay = 'setInterval(() => {}, 1000)'
const ignore = `process.on('SIGINT', () => {}).on('SIGTERM', () => {}); ${stay}`

describe('a signal to this process', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the program', async (signal, exitCode) => {
    const ended = await cancelled(`${write('String(process.pid)')}; ${stay}`, [signal])
    expect(ended).toEqual({ exitCode, output: '', isCancelled: true, allGone: true })
  })

  it('waits for a program that ends in order', async () => {
    const code = `process.on('SIGINT', () => setTimeout(() => { console.log('drained'); process.exit(0) }, 700));
      ${write('String(process.pid)')}; ${stay}`
    expect(await cancelled(code, ['SIGINT'])).toMatchObject({
      exitCode: 130,
      output: 'drained\n',
      allGone: true,
    })
  })

  it('kills what a program started, where that ignores the signal', async () => {
    const code = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${ignore}; console.log(1)`)}]);
      child.stdout.once('data', () => { ${write('process.pid + " " + child.pid')} })`
    expect(await cancelled(code, ['SIGINT'])).toMatchObject({ exitCode: 130, allGone: true })
  })

  it('kills a program that ignores it, in the end', async () => {
    const code = `${ignore}; ${write('String(process.pid)')}`
    expect(await cancelled(code, ['SIGINT'], 300)).toMatchObject({ exitCode: 130, allGone: true })
  })

  it('kills at once when it comes again', async () => {
    const code = `${ignore}; ${write('String(process.pid)')}`
    expect(await cancelled(code, ['SIGINT', 'SIGINT'], 60_000)).toMatchObject({ allGone: true })
  })

  it('starts nothing any more', async () => {
    const supervisor = supervise()
    process.emit('SIGINT', 'SIGINT')
    const ended = await supervisor.run(node('console.log(1)'))
    supervisor.close()
    expect(ended).toEqual({ exitCode: 130, output: '' })
  })
})

async function contentOf(file: string): Promise<string> {
  while (!existsSync(file)) await sleep(20)
  return readFileSync(file, 'utf8')
}

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    await sleep(20)
  }
  return false
}
