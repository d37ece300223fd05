import { once } from 'node:events'
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { addHalves, halvesSource, halvesTest } from '../support/halves.ts'
import { freePort } from '../support/processes.ts'
import { hasTerminals, processesOf, Terminal } from '../support/terminal.ts'

/* What a user sees and can do at a terminal while the commands of every day run. */

if (!hasTerminals) process.stderr.write('test/e2e/terminal is left out: no script(1) here.\n')

const root = copiedService()
const own = join(root, 'node_modules/.bin/create-service')
for (const mark of readdirSync(join(root, 'test'))) {
  // A run of them all takes long, and what is looked at here is the same.
  if (mark !== 'unit' && mark !== 'support') rmSync(join(root, 'test', mark), { recursive: true })
}
rmSync(join(root, 'test/unit/db'), { recursive: true, force: true })
addHalves(root)

function dev(words: readonly string[], columns = 120, env: NodeJS.ProcessEnv = {}): Terminal {
  const none = { CI: undefined, DATABASE_URL: undefined, NODE_ENV: undefined, NO_COLOR: undefined }
  opened = new Terminal(root, [own, 'dev', ...words], columns, { ...none, ...env })
  return opened
}

let opened: Terminal | undefined
afterEach(() => opened?.close())

/** What was shown before the end, no line of which is wider than the terminal. */
function expectToFit({ output }: Pick<Terminal, 'output'>, columns: number): string {
  const [shown = ''] = output.split('exit code')
  const lines = stripVTControlCharacters(shown).split(/\r?\n/)
  for (const line of lines)
    expect(line.split('\r').at(-1)?.length, line).toBeLessThanOrEqual(columns)
  return shown
}

/** The terminal is as it was, and nothing of the project runs on. */
async function expectTidy(terminal: Terminal): Promise<void> {
  await vi.waitFor(() => expect(processesOf(root)).toEqual([]), { timeout: 120_000 })
  const hidden = terminal.output.lastIndexOf('\x1b[?25l')
  expect(terminal.output.lastIndexOf('\x1b[?25h')).toBeGreaterThanOrEqual(hidden)
  expect(terminal.output).toMatch(/[^-]icanon/)
  expect(terminal.output).toMatch(/[^-]echo /)
}

/** A request that the server has begun to read. */
async function openRequest(port: number) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  await once(socket, 'connect')
  socket.write('POST /nowhere HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n')
  socket.write('content-length: 2\r\n\r\n{')
  // Answered after the connection before it was accepted.
  await fetch(`http://127.0.0.1:${port}/health/live`)
  return {
    async finish(): Promise<string> {
      socket.write('}')
      const [answer] = await once(socket, 'data')
      return answer
    },
  }
}

describe.skipIf(!hasTerminals)('at a terminal', () => {
  it.each([40, 120])('quality that passes fits %i columns', async (columns) => {
    const terminal = dev(['quality'], columns)
    expect(await terminal.end(), terminal.output).toBe(0)
    const shown = expectToFit(terminal, columns)
    for (const name of ['lint', 'format', 'typecheck', 'test']) {
      expect(shown).toMatch(new RegExp(`${name} .*passed`))
    }
    expect(shown).toContain('\x1b[3')
    await expectTidy(terminal)
  })

  it.each([40, 120])('the summary of quality that fails fits %i columns', async (columns) => {
    const file = join(root, 'src/a-file-with-a-rather-long-name.ts')
    writeFileSync(
      file,
      "export const  count: number = 'one' as unknown as any;\nexport const x: number = ''\n",
    )
    const terminal = dev(['quality', '-q'], columns)
    const code = await terminal.end()
    rmSync(file)
    expect(code, terminal.output).toBe(1)
    const shown = stripVTControlCharacters(terminal.output)
    const [table = ''] =
      /(\S+ )?lint +failed[\s\S]*/.exec(shown.slice(shown.lastIndexOf('──'))) ?? []
    expect(table).toMatch(/typecheck +failed/)
    expectToFit({ output: table }, columns)
  })

  it('shows no colour where none is wanted', async () => {
    const terminal = dev(['quality'], 120, { NO_COLOR: '1' })
    expect(await terminal.end(), terminal.output).toBe(0)
    expect(terminal.output).not.toContain('\x1b[3')
  })

  it('has no live table under CI', async () => {
    const terminal = dev(['quality'], 120, { CI: 'true' })
    expect(await terminal.end(), terminal.output).toBe(0)
    const sequences = terminal.output.split('exit code')[0]?.split('\x1b[').slice(1) ?? []
    expect(sequences.filter((sequence) => /^\d*[A-HJK]/.test(sequence))).toEqual([])
  })

  it.each([
    ['lint', 'biome'],
    ['format', 'biome'],
    ['typecheck', 'tsc'],
    ['test', 'vitest'],
    ['quality', 'vitest'],
  ])('Ctrl-C ends %s with 130', async (name, program) => {
    const terminal = dev([name])
    const runs = () => processesOf(root).some(({ line }) => line.includes(program))
    await vi.waitFor(() => expect(runs()).toBe(true), { timeout: 120_000, interval: 5 })
    terminal.press('\x03')
    expect(await terminal.end(), terminal.output).toBe(130)
    await expectTidy(terminal)
  })

  it('lints again on every change, until Ctrl-C', async () => {
    const terminal = dev(['lint', '--watch'])
    await terminal.shows('Checked')
    const file = join(root, 'src/stop.ts')
    // It begins to watch at some time after it has checked.
    const change = () => {
      writeFileSync(file, `// ${Date.now()}\nexport function stop(): void {\n  debugger\n}\n`)
      expect(terminal.output).toContain('noDebugger')
    }
    await vi.waitFor(change, { timeout: 120_000, interval: 1000 })
    rmSync(file)
    terminal.press('\x03')
    expect(await terminal.end(), terminal.output).toBe(130)
    await expectTidy(terminal)
  })

  it('tests again on every change, also one that does not compile, until Ctrl-C', async () => {
    const file = join(root, halvesSource)
    const text = readFileSync(file, 'utf8')
    const terminal = dev(['test', '--watch', halvesTest])
    await terminal.shows('Waiting for file changes')
    writeFileSync(file, `${text}const =\n`)
    await terminal.shows('FAIL')
    writeFileSync(file, text)
    await terminal.shows(/RERUN[\s\S]*RERUN[\s\S]*PASS/)
    terminal.press('\x03')
    expect(await terminal.end(), terminal.output).toBe(130)
    await expectTidy(terminal)
  })

  it('serves, shows where, reloads, and drains at Ctrl-C', async () => {
    const port = await freePort()
    const terminal = dev(['serve', '-p', `${port}`], 40)
    await terminal.shows(`http://127.0.0.1:${port}/docs`)
    await terminal.shows(`http://127.0.0.1:${port}/health/ready`)
    // The lines of the service itself may come behind the addresses.
    await terminal.shows(/^\d\d:\d\d:\d\d Server listening/m)
    expect(terminal.output).not.toContain('{"level"')
    appendFileSync(join(root, 'src/resources/index.ts'), '// changed\nexport const changed = 1\n')
    await terminal.shows(/reloaded in [\d.]+ s/)
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200)
    terminal.press('\x03')
    expect(await terminal.end(), terminal.output).toBe(0)
    expect(terminal.output).toContain('shut down')
    await expectTidy(terminal)
  })

  it('ends the process that waits for a change, too', async () => {
    const terminal = dev(['serve', '-p', `${await freePort()}`])
    const servers = () => processesOf(root).filter(({ line }) => line.includes('dist/server.js'))
    await vi.waitFor(() => expect(servers()).toHaveLength(2), { timeout: 120_000, interval: 20 })
    terminal.press('\x03')
    expect(await terminal.end(), terminal.output).toBe(0)
    await expectTidy(terminal)
  })

  it('drains at Ctrl-C during a reload too', async () => {
    const port = await freePort()
    const terminal = dev(['serve', '-p', `${port}`])
    await terminal.shows('/health/ready')
    const open = await openRequest(port)
    appendFileSync(join(root, 'src/resources/index.ts'), 'export const again = 2\n')
    await terminal.shows('shutting down')
    terminal.press('\x03')
    await terminal.shows('Ctrl-C again')
    expect(await open.finish()).toMatch(/^HTTP\/1\.1 404 /)
    expect(await terminal.end(), terminal.output).toBe(0)
    await expectTidy(terminal)
  })
})
