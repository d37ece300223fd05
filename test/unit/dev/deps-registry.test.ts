import { describe, expect, it } from 'vitest'
import { readAnswer, viewCommand } from '../../../src/dev/deps/registry.ts'

describe('viewCommand', () => {
  it.each([
    ['npm', ['view', 'x@^1', 'version', 'deprecated', 'dist-tags', '--json']],
    ['pnpm', ['view', 'x@^1', 'version', 'deprecated', 'dist-tags', '--json']],
    ['yarn', ['npm', 'info', 'x@^1', '--fields', 'version,deprecated,dist-tags', '--json']],
    ['bun', ['pm', 'view', 'x@^1', '--json']],
  ] as const)('asks %s', (manager, args) => {
    expect(viewCommand(manager, '/p', 'x@^1')).toMatchObject({ program: manager, args, cwd: '/p' })
  })
})

const tags = { 'dist-tags': { latest: '2.0.0' } }

describe('readAnswer', () => {
  it.each([
    [
      'a list, of npm',
      JSON.stringify([{ version: '1.0.0', deprecated: 'gone', ...tags }], null, 2),
    ],
    ['a document, of Bun', JSON.stringify({ version: '1.0.0', deprecated: 'gone', ...tags })],
    [
      'lines, of Yarn',
      `{"type":"info","data":"hello"}\n${JSON.stringify({ version: '1.0.0', deprecated: 'gone', ...tags })}`,
    ],
  ])('reads %s', (_what, stdout) => {
    expect(readAnswer({ isFine: true, stdout, complaint: '' })).toEqual({
      state: 'told',
      published: [{ version: '1.0.0', latest: '2.0.0', deprecated: 'gone' }],
    })
  })

  it('takes an empty message for none', () => {
    expect(
      readAnswer({ isFine: true, stdout: '{"version":"1.0.0","deprecated":""}', complaint: '' }),
    ).toEqual({
      state: 'told',
      published: [{ version: '1.0.0', latest: undefined }],
    })
  })

  it.each([
    ['npm', '{"error":{"code":"E404","summary":"Not Found - GET http://r/x","detail":"…"}}', ''],
    ['npm, no version', '{"error":{"code":"E404","summary":"No match found for version ^9"}}', ''],
    ['pnpm', '{"error":{"code":"ERR_PNPM_FETCH_404","message":"GET http://r/x: Not Found"}}', ''],
    ['pnpm, no version', '{"error":{"message":"No matching version found for x@^9"}}', ''],
    ['Yarn', '{"type":"error","name":35,"data":"Package not found"}', ''],
    ['Bun', '', "404 Not Found: http://r/x\n - 'x@latest' does not exist in this registry"],
    ['npm, not allowed', '{"error":{"code":"E401","summary":"Unable to authenticate"}}', ''],
  ])('knows what is not there: %s', (_who, stdout, complaint) => {
    expect(readAnswer({ isFine: false, stdout, complaint }).state).toBe('unknown')
  })

  it('takes no answer without a complaint for an unknown version', () => {
    expect(readAnswer({ isFine: true, stdout: '', complaint: '' }).state).toBe('unknown')
  })

  it.each([
    ['npm', '{"error":{"code":"ENOTFOUND","summary":"getaddrinfo ENOTFOUND r.invalid"}}', ''],
    ['npm', '{"error":{"code":"ECONNREFUSED","summary":"connect ECONNREFUSED 127.0.0.1:1"}}', ''],
    ['npm, only a code', '{"error":{"code":"ETIMEDOUT"}}', ''],
    ['a registry that is down', '{"error":{"code":"E503","summary":"503 Unavailable"}}', ''],
    ['Bun', '', 'error: ConnectionRefused fetching http://r/x'],
    ['nothing at all', '', ''],
  ])('knows that nobody answers: %s', (_who, stdout, complaint) => {
    const told = readAnswer({ isFine: false, stdout, complaint })
    expect(told.state).toBe('unreachable')
    expect(told).toHaveProperty('message', expect.stringMatching(/\S/))
  })
})
