import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../../../src/dev/serve/settings.ts'

describe('settingsOf', () => {
  it.each([undefined, '', 'development', 'Development', ' DEVELOPMENT '])(
    'reads .env for NODE_ENV=%s',
    (NODE_ENV) => {
      expect(settingsOf({ NODE_ENV }, '\uFEFFPORT=9000\n').port).toBe(9000)
    },
  )

  it.each(['test', 'Production '])('does not read .env for NODE_ENV=%s', (NODE_ENV) => {
    expect(settingsOf({ NODE_ENV }, 'PORT=9000\n').port).toBeUndefined()
  })

  it('knows that production has no documentation, however it is written', () => {
    expect(settingsOf({ NODE_ENV: 'PRODUCTION ' }).docs).toBe(false)
    expect(settingsOf({ NODE_ENV: 'production', DOCS_ENABLED: 'TRUE ' }).docs).toBe(true)
  })

  it('takes an address in brackets, and text with white space around it', () => {
    const settings = settingsOf({
      HOST: '[::1]',
      PORT: ' 8000 ',
      API_PREFIX: ' /v1',
      WORKERS: ' 1',
    })
    expect(settings).toMatchObject({ host: '::1', port: 8000, prefix: '/v1', isAlone: true })
  })
})
