import { expect, test } from 'vitest'
import { version } from '../../src/about.ts'
import { settings } from '../../src/config/index.ts'
import { runCommand } from '../support/console.ts'

test('--help lists the groups of commands', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['--help'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(/^ {2}config +show and check the configuration$/m)
})

test('--version prints the version of package.json', async () => {
  expect(await runCommand(['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n` })
})

test.each([
  [['unknown'], "unknown command 'unknown'"],
  [['config', 'show', '--loud'], "unknown option '--loud'"],
  [[], 'Usage:'],
])('exits with 2 for the invalid command line %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await runCommand(args)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(message)
})

test('config show prints every setting and its source', async () => {
  const { exitCode, stdout } = await runCommand(['config', 'show'], { PORT: '9000' })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^PORT +9000 +environment$/m)
  expect(stdout).toMatch(/^HOST +127\.0\.0\.1 +default$/m)
  expect(stdout).toMatch(/^TRUST_PROXY +\(none\) +default$/m)
})

test('config show --json prints the same as JSON', async () => {
  const { stdout } = await runCommand(['config', 'show', '--json'], { PORT: '9000' })
  const rows: unknown[] = JSON.parse(stdout)
  expect(rows).toHaveLength(settings.length)
  expect(rows).toContainEqual({ variable: 'PORT', value: 9000, source: 'environment' })
})

test('config show masks secrets', async () => {
  const schema = settings.find((setting) => setting.schema.env === 'HOST')?.schema
  if (schema) schema.secret = true
  const { stdout } = await runCommand(['config', 'show'], { HOST: 'hunter2' })
  if (schema) delete schema.secret
  expect(stdout).toMatch(/^HOST +\*{8} +environment$/m)
  expect(stdout).not.toContain('hunter2')
})

test('config show fails if the environment is not valid', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['config', 'show'], { PORT: 'x' })
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toContain('PORT is "x"')
})

test('config check accepts a valid environment', async () => {
  expect(await runCommand(['config', 'check'])).toMatchObject({ exitCode: 0, stderr: '' })
  const { stdout } = await runCommand(['config', 'check', '--json'])
  expect(JSON.parse(stdout)).toEqual({ ok: true, faults: [] })
})

test('config check reports every fault', async () => {
  const env = { PORT: 'x', APP_DEBUG: 'y' }
  const plain = await runCommand(['config', 'check'], env)
  expect(plain).toMatchObject({ exitCode: 1, stdout: '' })
  expect(plain.stderr).toContain('APP_DEBUG is "y"; expected true or false')
  const json = await runCommand(['config', 'check', '--json'], env)
  expect(json).toMatchObject({ exitCode: 1, stderr: '' })
  expect(JSON.parse(json.stdout).faults).toHaveLength(2)
})
