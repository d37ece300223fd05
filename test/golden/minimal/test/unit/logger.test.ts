import { afterEach, expect, test, vi } from 'vitest'
import { prettyStream } from '../../src/observability/logger.ts'

const asked = { level: 'info', pretty: true } as const

afterEach(() => {
  vi.doUnmock('pino-pretty')
})

test('people at a terminal get coloured lines if they ask for them', async () => {
  expect(await prettyStream(asked, true)).toHaveProperty('write')
})

test('everybody else gets JSON', async () => {
  expect(await prettyStream(asked, false)).toBeUndefined()
  expect(await prettyStream({ ...asked, pretty: false }, true)).toBeUndefined()
})

test('so does a terminal where the formatter is not installed', async () => {
  vi.doMock('pino-pretty', () => {
    throw new Error('not installed')
  })
  expect(await prettyStream(asked, true)).toBeUndefined()
})
