import { expect, test, vi } from 'vitest'
import { version } from '../../src/about.ts'
import { settings } from '../../src/config/settings.ts'
import { runCommand } from '../support/console.ts'

test('--help lists the groups of the folder', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['--help'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(/^ {2}config +look at the configuration$/m)
})

test('--version is the one of package.json', async () => {
  expect(await runCommand(['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n` })
})

test.each([
  [['unheard-of'], "unknown command 'unheard-of'"],
  [['config', 'show', '--loud'], "unknown option '--loud'"],
  [[], 'Usage:'],
])('%j is not understood', async (args, message) => {
  const { exitCode, stdout, stderr } = await runCommand(args)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(message)
})

test('config show prints every setting and where it comes from', async () => {
  const { exitCode, stdout } = await runCommand(['config', 'show'], { PORT: '9000' })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^PORT +9000$/m)
  expect(stdout).toMatch(/^HOST +127\.0\.0\.1 \(default\)$/m)
  expect(stdout).toMatch(/^TRUST_PROXY +\(none\) \(default\)$/m)
})

test('config show --json prints the same for machines', async () => {
  const { stdout } = await runCommand(['config', 'show', '--json'], { PORT: '9000' })
  const rows: unknown[] = JSON.parse(stdout)
  expect(rows).toHaveLength(settings.length)
  expect(rows).toContainEqual({ variable: 'PORT', value: 9000, source: 'environment' })
})

test('config show masks a secret', async () => {
  const host = settings.find((setting) => setting.env === 'HOST')
  const secret = vi.spyOn(host ?? { secret: false }, 'secret', 'get')
  secret.mockReturnValue(true)
  const { stdout } = await runCommand(['config', 'show'], { HOST: 'hunter2' })
  secret.mockRestore()
  expect(stdout).toMatch(/^HOST +\*{8}$/m)
  expect(stdout).not.toContain('hunter2')
})

test('config show of a wrong environment says what is wrong', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['config', 'show'], { PORT: 'x' })
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toContain('PORT is "x"')
})

test('config check accepts a right environment', async () => {
  expect(await runCommand(['config', 'check'])).toMatchObject({ exitCode: 0, stderr: '' })
  const { stdout } = await runCommand(['config', 'check', '--json'])
  expect(JSON.parse(stdout)).toEqual({ ok: true, faults: [] })
})

test('config check refuses a wrong one with every fault', async () => {
  const env = { PORT: 'x', APP_DEBUG: 'y' }
  const plain = await runCommand(['config', 'check'], env)
  expect(plain).toMatchObject({ exitCode: 1, stdout: '' })
  expect(plain.stderr).toContain('APP_DEBUG is "y"; expected true or false')
  const json = await runCommand(['config', 'check', '--json'], env)
  expect(json).toMatchObject({ exitCode: 1, stderr: '' })
  expect(JSON.parse(json.stdout).faults).toHaveLength(2)
})
