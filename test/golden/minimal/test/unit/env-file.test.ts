import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withEnvFile } from '../../src/config/env-file.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-file-'))
  writeFileSync(join(folder, '.env'), 'PORT=9000\nHOST="::1"\n')
})

afterAll(() => rmSync(folder, { recursive: true }))

test('development reads the file, and the environment wins', () => {
  expect(withEnvFile({ PORT: '1' }, folder)).toEqual({ PORT: '1', HOST: '::1' })
  expect(withEnvFile({ NODE_ENV: 'development' }, folder)).toMatchObject({ PORT: '9000' })
})

test.each(['test', 'production'])('%s does not', (environment) => {
  const env = { NODE_ENV: environment }
  expect(withEnvFile(env, folder)).toBe(env)
})

test('a missing file changes nothing', () => {
  const env = {}
  expect(withEnvFile(env, join(folder, 'nowhere'))).toBe(env)
})
