import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectCommands } from '../../../src/cli/project.command.ts'

const templates = join(import.meta.dirname, '../../../templates')

it('every group of commands that a service may have is passed on to it', () => {
  const groups = readdirSync(templates, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)src\/[^/]+\/cli\.ts$/.test(path))
    .map((path) => readFileSync(join(templates, path), 'utf8'))
    // A feature may add its commands to the base's group `monitor`.
    .flatMap((text) => /const group = program\s*\.command\('(\w+)'/.exec(text)?.[1] ?? [])
  const passedOn = projectCommands(() => async () => {}).map((command) => command.name())
  expect(groups).toContain('config')
  expect(passedOn.toSorted()).toEqual([...new Set(groups)].sort())
})
