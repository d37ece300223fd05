import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ConfigError, type Env, loadConfig, settings, withEnvFile } from '../../src/config/index.ts'
import { neededEnv } from '../support/environment.ts'

const production = { ...neededEnv, NODE_ENV: 'production' }

function faultsOf(env: Env) {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).faults
  }
}

describe('loadConfig', () => {
  test('returns the defaults of development for an empty environment', () => {
    const config = loadConfig({})
    expect(config.app).toEqual({ environment: 'development', debug: false })
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 8000, apiPrefix: '/api/v1' })
    expect(config.docs.enabled).toBe(true)
    expect(config.cors.origins).not.toContain('*')
  })

  test('closes the documentation and admits no other origin in production', () => {
    const config = loadConfig(production)
    expect(config.docs.enabled).toBe(false)
    expect(config.cors.origins).toEqual([])
  })

  test('treats an empty variable as unset', () => {
    const config = loadConfig({ NODE_ENV: '', PORT: ' ', LOG_LEVEL: '', TRUST_PROXY: '' })
    expect(config).toEqual(loadConfig({}))
  })

  test('converts text to the type of the setting', () => {
    const config = loadConfig({
      PORT: ' 9000\r',
      APP_DEBUG: 'TRUE',
      DOCS_ENABLED: '0',
      LOG_LEVEL: 'Warn',
      HOST: '[::1]',
      TRUST_PROXY: 'loopback, 10.0.0.0/8,::1',
    })
    expect(config.server).toMatchObject({ host: '::1', port: 9000 })
    expect(config.app.debug).toBe(true)
    expect(config.docs.enabled).toBe(false)
    expect(config.logging.level).toBe('warn')
    expect(config.server.trustProxy).toEqual(['loopback', '10.0.0.0/8', '::1'])
  })

  test('reports every fault at once, with what is expected', () => {
    const env = { PORT: '80a', LOG_LEVEL: 'loud', APP_DEBUG: 'perhaps', HOST: 'x' }
    expect(faultsOf(env)).toEqual([
      { variable: 'APP_DEBUG', problem: 'is "perhaps"', expected: 'true or false' },
      {
        variable: 'LOG_LEVEL',
        problem: 'is "loud"',
        expected: 'one of fatal, error, warn, info, debug, trace, silent',
      },
      { variable: 'PORT', problem: 'is "80a"', expected: 'a whole number from 0 to 65535' },
    ])
    expect(() => loadConfig(env)).toThrow(/APP_DEBUG is "perhaps"; expected true or false\n/)
  })

  test.each([
    ['NODE_ENV', 'staging'],
    ['PORT', '65536'],
    ['PORT', '1.5'],
    ['PORT', '0x50'],
    ['PORT', '1e3'],
    ['HOST', 'localhost:8000'],
    ['HOST', '999.1.1.1'],
    ['WORKERS', '0'],
    ['API_PREFIX', 'api'],
    ['API_PREFIX', '/api/'],
    ['BODY_LIMIT', '0'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['SHUTDOWN_TIMEOUT_MS', '0'],
    ['CORS_ORIGINS', 'app.example.com'],
    ['CORS_ORIGINS', 'https://app.example.com/'],
    ['CORS_ORIGINS', 'https://*.example.com'],
    ['CORS_ORIGINS', '*,https://app.example.com'],
    ['PROBLEM_BASE_URI', 'https://docs.example.com/'],
    ['OVERLOAD_EVENT_LOOP_DELAY_MS', '-1'],
  ])('refuses %s=%s', (variable, value) => {
    expect(faultsOf({ [variable]: value }).map((fault) => fault.variable)).toEqual([variable])
  })

  test('returns a frozen configuration', () => {
    const config = loadConfig({ TRUST_PROXY: '10.0.0.1' })
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.server.trustProxy)).toBe(true)
  })
})

describe('withEnvFile', () => {
  function folderWith(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'env-file-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, '.env'), text)
    return folder
  }

  test('reads the file in development, and the environment wins', () => {
    const folder = folderWith('PORT=9000\nHOST="::1"\n')
    expect(withEnvFile({ PORT: '1' }, folder)).toEqual({ PORT: '1', HOST: '::1' })
    expect(withEnvFile({ NODE_ENV: ' Development' }, folder)).toMatchObject({ PORT: '9000' })
    expect(withEnvFile({}, join(folder, 'missing'))).toEqual({})
  })

  test.each(['test', 'production', 'PRODUCTION '])('does not read it in %s', (environment) => {
    const env = { NODE_ENV: environment }
    expect(withEnvFile(env, folderWith('PORT=9000'))).toBe(env)
  })

  test('reads a file that begins with a byte order mark', () => {
    expect(withEnvFile({}, folderWith('\uFEFFPORT=9000'))).toEqual({ PORT: '9000' })
  })
})

describe('settings', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const example = readFileSync(join(root, '.env.example'), 'utf8')
  const code = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('config'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
    .join('\n')

  test.each(settings)('$schema.env is read and documented', ({ key, schema }) => {
    expect(code).toMatch(new RegExp(`\\b${key}\\b`))
    expect(example).toMatch(new RegExp(`^(# )?${schema.env}=`, 'm'))
  })

  test('have a variable each, and .env.example names no other', () => {
    const variables = settings.map(({ schema }) => schema.env)
    expect(new Set(variables).size).toBe(variables.length)
    const named = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1])
    expect(named.sort()).toEqual(variables.sort())
  })
})
