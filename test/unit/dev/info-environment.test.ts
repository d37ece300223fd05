import { describe, expect, it } from 'vitest'
import { environmentOf } from '../../../src/dev/info/environment.ts'
import { temporaryFolder, writeTree } from '../../support/tree.ts'

const example = '# Which port.\nPORT=8000\n# DOCS=true\nexport LOG_LEVEL=info\n# Not a variable.\n'

function shownIn(
  files: Record<string, string>,
  env: Record<string, string> = {},
  isService = true,
): Record<string, string> {
  const root = temporaryFolder()
  writeTree(root, files)
  const rows = environmentOf(root, isService, env)
  return Object.fromEntries(
    rows.map(({ name, value, source }) => [name, `${value ?? ''}|${source}`]),
  )
}

describe('environmentOf', () => {
  it('names what the example names: its values are the defaults of a service', () => {
    expect(shownIn({ '.env.example': example })).toEqual({
      PORT: '8000|default',
      DOCS: '|unset',
      LOG_LEVEL: 'info|default',
    })
  })

  it('takes the values of an example elsewhere for examples', () => {
    expect(shownIn({ '.env.sample': example }, {}, false).PORT).toBe('|unset')
  })

  it('lets the environment win over .env, and .env over the default', () => {
    const files = { '.env.example': example, '.env': 'PORT=1\nLOG_LEVEL=warn\nMINE=x\n' }
    expect(shownIn(files, { PORT: '2' })).toEqual({
      PORT: '2|environment',
      DOCS: '|unset',
      LOG_LEVEL: 'warn|.env',
      MINE: 'x|.env',
    })
  })

  it('counts an empty variable as unset', () => {
    expect(shownIn({ '.env.example': 'PORT=\n' }).PORT).toBe('|unset')
    expect(shownIn({ '.env.example': example, '.env': 'PORT=1' }, { PORT: '' }).PORT).toBe(
      '8000|default',
    )
  })

  it('does not read .env where the service does not', () => {
    const files = { '.env.example': example, '.env': 'PORT=1' }
    expect(shownIn(files, { NODE_ENV: 'production' }).PORT).toBe('8000|default')
    expect(shownIn(files, { NODE_ENV: 'production' }, false).PORT).toBe('1|.env')
  })

  it('reads .env as the service does: in any case of NODE_ENV, and with a byte order mark', () => {
    const files = { '.env.example': `\uFEFF${example}`, '.env': '\uFEFFPORT=1' }
    expect(shownIn(files, { NODE_ENV: ' Development' }).PORT).toBe('1|.env')
    expect(shownIn(files, { NODE_ENV: 'PRODUCTION ' }).PORT).toBe('8000|default')
  })

  it('masks secrets, wherever they are set', () => {
    const files = { '.env.example': 'A_TOKEN=one\n', '.env': 'B_TOKEN=two\n' }
    expect(shownIn(files, { REDIS_URL: 'redis://:three@cache' })).toEqual({
      A_TOKEN: '********|default',
      B_TOKEN: '********|.env',
      REDIS_URL: 'redis://********:********@cache|environment',
    })
  })

  it('shows what the example shows, behind a comment sign too', () => {
    const files = { '.env.example': 'A=one two\n# B=/three\nC=four\n# PROXY=five\n' }
    const env = { A: 'one two', B: '/three', C: 'changed', PROXY: 'five' }
    expect(shownIn(files, env, false)).toEqual({
      A: 'one two|environment',
      B: '/three|environment',
      C: 'changed|environment',
      PROXY: 'five|environment',
    })
  })

  it('masks what the configuration of a service calls secret', () => {
    const config = `Type.Object({
      limit: Type.Optional(Type.Integer({ env: 'PARTNER_LIMIT', secret: true, minimum: 1 })),
      size: Type.Integer({ env: 'PAGE_SIZE' }),
    })`
    const files = {
      '.env.example': 'PARTNER_LIMIT=1\nPAGE_SIZE=1\n',
      'src/config/partner.ts': config,
    }
    expect(shownIn(files)).toEqual({ PARTNER_LIMIT: '********|default', PAGE_SIZE: '1|default' })
  })

  it('masks of a service nothing else that its configuration declares', () => {
    const config = `Type.Object({
      origins: Type.Array(Type.String(), { env: 'CORS_ORIGINS', default: [] }),
      key: Type.Optional(Type.String({ env: 'PARTNER', secret: true })),
      prefix: Type.String({ env: 'CACHE_KEY_PREFIX', default: 'x7:' }),
    })`
    const values = { CORS_ORIGINS: 'https://a.example,https://b.example', CACHE_KEY_PREFIX: 'x7:' }
    const env = { ...values, PARTNER: 'hunter' }
    const files = {
      'src/cache/config.ts': config,
      '.env': 'PARTNER=\nCORS_ORIGINS=\nCACHE_KEY_PREFIX=\n',
    }
    expect(shownIn(files, env)).toEqual({
      CORS_ORIGINS: `${values.CORS_ORIGINS}|environment`,
      CACHE_KEY_PREFIX: 'x7:|environment',
      PARTNER: '********|environment',
    })
  })

  it('shows well-known variables where they are set, and none of the others', () => {
    expect(shownIn({}, { REDIS_URL: 'redis://cache', ENVIRONMENT: 'x', HOME: '/me' })).toEqual({
      ENVIRONMENT: 'x|environment',
      REDIS_URL: 'redis://cache|environment',
    })
  })
})
