import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { hasTerminals, Terminal } from '../support/terminal.ts'
import { temporaryFolder, treeOf } from '../support/tree.ts'

/* What a person is asked at a terminal, answer by answer. */

if (!hasTerminals) process.stderr.write('test/e2e/questions is left out: no script(1) here.\n')

const service = copiedService()
const own = join(service, 'node_modules/.bin/create-service')
const enter = '\r'
const down = '\x1b[B'
const interrupt = '\x03'

let opened: Terminal | undefined
afterEach(() => opened?.close())

function ask(cwd: string, ...words: readonly string[]): Terminal {
  const env = { CI: undefined, NO_COLOR: undefined, npm_config_user_agent: undefined }
  opened = new Terminal(cwd, [own, ...words], 120, env)
  return opened
}

/** Waits for a question, and answers it. */
async function answer(terminal: Terminal, question: string, keys: string): Promise<void> {
  await vi.waitFor(() => expect(shown(terminal)).toContain(question), { timeout: 120_000 })
  terminal.press(keys)
}

function shown({ output }: Terminal): string {
  return stripVTControlCharacters(output)
}

const creating = ['--no-install', '--no-git']

describe.skipIf(!hasTerminals)('create asks', () => {
  it('for everything that no flag says, and creates what was answered', async () => {
    const parent = temporaryFolder()
    const terminal = ask(parent, ...creating)
    await answer(terminal, 'Folder of the new service?', `shop${enter}`)
    await answer(terminal, 'Which features?', `${down}${enter}`)
    await answer(terminal, 'Which package manager?', enter)
    expect(await terminal.end(), terminal.output).toBe(0)
    expect(readdirSync(parent)).toEqual(['shop'])
    const manifest = readFileSync(join(parent, 'shop/.create-service/manifest'), 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({ features: [], answers: { name: 'shop' } })
    expect(shown(terminal)).toContain('cd shop')
  })

  it('with a suggestion that typing replaces, and that Enter takes', async () => {
    const parent = temporaryFolder()
    const terminal = ask(parent, ...creating, '--preset', 'minimal', '--package-manager', 'npm')
    await answer(terminal, 'my-service', enter)
    expect(await terminal.end(), terminal.output).toBe(0)
    expect(readdirSync(parent)).toEqual(['my-service'])
  })

  it('again for a folder that is not empty', async () => {
    const parent = temporaryFolder()
    mkdirSync(join(parent, 'full'))
    writeFileSync(join(parent, 'full/mine'), '')
    const terminal = ask(parent, ...creating, '--preset', 'minimal', '--package-manager', 'npm')
    await answer(terminal, 'Folder of the new service?', `full${enter}`)
    await answer(terminal, 'The folder is not empty: mine.', `-not${enter}`)
    expect(await terminal.end(), terminal.output).toBe(0)
    expect(existsSync(join(parent, 'full-not/package.json'))).toBe(true)
  })

  it('for another name where the folder has none for a package, and offers one', async () => {
    const parent = temporaryFolder()
    const terminal = ask(parent, ...creating, '--preset', 'minimal', '--package-manager', 'npm')
    await answer(terminal, 'Folder of the new service?', `My App${enter}`)
    await answer(terminal, 'Which name instead?', `No Name${enter}`)
    await answer(terminal, '"No Name" can\'t be the name', '\x15')
    await answer(terminal, 'my-app', enter)
    expect(await terminal.end(), terminal.output).toBe(0)
    const own = JSON.parse(readFileSync(join(parent, 'My App/package.json'), 'utf8'))
    expect(own.name).toBe('my-app')
    expect(shown(terminal)).toContain("cd 'My App'")
  })

  it('which features, and says what a chosen one brings back', async () => {
    const parent = temporaryFolder()
    const terminal = ask(parent, 'shop', ...creating, '--package-manager', 'npm')
    await answer(terminal, 'Which features?', `${down}${down}${enter}`)
    // The first one is Database.
    await answer(terminal, 'Which of these?', ` ${enter}`)
    await terminal.shows('Database comes in too, because Auth requires it.')
    expect(await terminal.end(), terminal.output).toBe(0)
    expect(existsSync(join(parent, 'shop/src/db'))).toBe(true)
    expect(shown(terminal).match(/comes in too/g)).toHaveLength(1)
  })

  it.each([
    ['Folder of the new service?', []],
    ['Which name instead?', [['Folder of the new service?', `My App${enter}`]]],
    ['Which features?', [['Folder of the new service?', enter]]],
    [
      'Which of these?',
      [
        ['Folder of the new service?', enter],
        ['Which features?', `${down}${down}${enter}`],
      ],
    ],
    [
      'Which package manager?',
      [
        ['Folder of the new service?', enter],
        ['Which features?', enter],
      ],
    ],
    [
      'Install and start it now?',
      [
        ['Folder of the new service?', enter],
        ['Which features?', enter],
        ['Which package manager?', enter],
      ],
    ],
  ] as const)('and Ctrl-C at "%s" writes nothing', async (question, before) => {
    const parent = temporaryFolder()
    const terminal = ask(parent, '--no-git')
    for (const [earlier, keys] of before) await answer(terminal, earlier, keys)
    await answer(terminal, question, interrupt)
    expect(await terminal.end(), terminal.output).toBe(130)
    expect(shown(terminal)).toContain('Cancelled. Nothing was written.')
    expect(treeOf(parent)).toEqual({})
  })
})

describe.skipIf(!hasTerminals)('inside a service', () => {
  it('create-service alone lists what can be done, in 40 columns too', async () => {
    opened = new Terminal(service, [own], 40, { CI: undefined })
    expect(await opened.end(), opened.output).toBe(0)
    const [listed = ''] = shown(opened).split('exit code')
    expect(listed).toContain('generate resource [name] [field...]')
    const widths = listed.split(/\r?\n/).map((line) => line.length)
    expect(Math.max(...widths), listed).toBeLessThanOrEqual(40)
  })

  it('generate resource asks for a name and fields, each until it is right', async () => {
    const root = copiedService()
    const terminal = ask(root, 'generate', 'resource', '--no-install')
    await answer(terminal, 'Name of the resource?', `RateLimit${enter}`)
    await answer(terminal, 'Choose another name', `\x15Book${enter}`)
    await answer(terminal, 'Fields?', `title:strin${enter}`)
    await answer(terminal, 'did you mean string?', `g:120 'note:text=to do'${enter}`)
    expect(await terminal.end(), terminal.output).toBe(0)
    const model = readFileSync(join(root, 'src/resources/books/book.model.ts'), 'utf8')
    expect(model).toContain('title: varchar')
    expect(model).toContain("'to do'")
  })

  it.each([
    ['router', 'Name of the router?', 'webhooks', 'src/routers/webhooks.ts'],
    ['middleware', 'Name of the middleware?', 'audit_log', 'src/http/audit-log.ts'],
    ['migration', 'Name of the migration?', 'add_roles', /migrations\/\d+_add_roles\.up\.sql/],
  ])('generate %s asks for its name', async (noun, question, name, file) => {
    const root = copiedService()
    const terminal = ask(root, 'generate', noun, '--no-install')
    await answer(terminal, question, `${name}${enter}`)
    expect(await terminal.end(), terminal.output).toBe(0)
    const paths = Object.keys(treeOf(root)).join('\n')
    expect(paths).toMatch(file)
  })

  it('asks nothing where no answer would help', async () => {
    const root = temporaryFolder()
    const own = { name: 'elsewhere', type: 'module', dependencies: { fastify: '^5.0.0' } }
    writeFileSync(join(root, 'package.json'), JSON.stringify(own))
    const terminal = ask(root, 'generate', 'resource')
    expect(await terminal.end(), terminal.output).toBe(3)
    expect(shown(terminal)).not.toContain('◆')
  })

  it('add asks which features', async () => {
    const parent = temporaryFolder()
    const first = ask(parent, 'shop', '--yes', ...creating, '--preset', 'minimal')
    expect(await first.end(), first.output).toBe(0)
    const terminal = ask(join(parent, 'shop'), 'add', '--no-install')
    await answer(terminal, 'Which features?', `${down} ${enter}`)
    await terminal.shows('Database comes in too, because Auth requires it.')
    expect(await terminal.end(), terminal.output).toBe(0)
    expect(existsSync(join(parent, 'shop/src/auth'))).toBe(true)
  })
})
