import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { projectCommands } from '../../../src/cli/project.command.ts'

const templates = join(import.meta.dirname, '../../../templates')

it('every group of commands that a service may have is passed on to it', () => {
  const groups = readdirSync(templates, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)src\/cli\/commands\/[^/]+\.ts$/.test(path))
    .map((path) => basename(path, '.ts'))
  const passedOn = projectCommands(() => async () => {}).map((command) => command.name())
  expect(groups).toContain('config')
  expect(passedOn.toSorted()).toEqual([...new Set(groups)].sort())
})
