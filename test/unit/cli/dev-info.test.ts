import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toolVersion } from '../../../src/versions.ts'
import { ran, run } from '../../support/run.ts'
import { createdService } from '../../support/service.ts'
import { temporaryFolder, writeTree } from '../../support/tree.ts'

function foreign(own: object = {}, tree: Record<string, string> = {}): string {
  const root = temporaryFolder()
  writeTree(root, {
    'package.json': JSON.stringify({ name: 'x', dependencies: { fastify: '^5.0.0' }, ...own }),
    // Its version need not be asked for where it is not installed.
    'pnpm-lock.yaml': '',
    ...tree,
  })
  return root
}

async function documentIn(root: string, ...flags: readonly string[]) {
  return JSON.parse((await ran(root, ['dev', 'info', '--json', ...flags])).out)
}

async function documentInWith(root: string, env: Record<string, string>) {
  return JSON.parse((await ran(root, ['dev', 'info', '--json', '--all'], { env })).out)
}

describe('dev info', () => {
  it('shows a service, before anything is installed', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, ['generate', 'router', 'hooks', '--prefix', '/hooks'])
    const { out } = await ran(root, ['dev', 'info'])
    const rows = out.split('\n').map((line) => line.replace(/ {2,}/, ': '))
    expect(rows).toContain('project: my-app, created by create-service')
    expect(rows).toContain(`node: ${process.versions.node} on ${process.platform} ${process.arch}`)
    expect(rows).toContain(`create-service: ${toolVersion}`)
    expect(rows).toContain('fastify: 5.12.8 (not installed)')
    expect(rows).toContain('features: database')
    expect(rows).toContain('generated: 1 router')
    expect(rows).toContain('installed: nothing yet: npm install')
    expect(out).toMatch(/^test +Vitest/m)
    expect(out).not.toContain('DATABASE_URL')
  })

  it('says what a foreign project lacks, and how to get it', async () => {
    const { out } = await ran(foreign(), ['dev', 'info'])
    expect(out).toContain('x, not created by create-service')
    expect(out).not.toContain('features')
    expect(out).toMatch(/^lint +none: .+/m)
  })

  it('gives one document, with null for what is not known', async () => {
    const root = foreign(
      {},
      {
        'node_modules/fastify/package.json': '{ "version": "5.1.0" }',
        'node_modules/create-service/package.json': '{ "version": "0.0.1" }',
      },
    )
    const document = await documentIn(root)
    expect(document).toMatchObject({
      command: 'dev info',
      packageManager: { name: 'pnpm', lockFile: 'pnpm-lock.yaml' },
      createService: { version: toolVersion, installed: '0.0.1', recorded: null },
      project: { name: 'x', root, kind: 'foreign', isInstalled: true },
      fastify: { asked: '^5.0.0', installed: '5.1.0' },
      units: {},
    })
    expect(document.tools.map(({ task }: { task: string }) => task)).toEqual([
      'lint',
      'format',
      'typecheck',
      'test',
    ])
    expect(document).not.toHaveProperty('environment')
  })

  it('shows the environment with --all', async () => {
    const root = await createdService('--features', 'database')
    writeTree(root, { '.env': 'DATABASE_URL=postgres://bob:hunter2@db:5432/app\n' })
    const env = { LOG_LEVEL: 'debug', JWT_SECRET: 'hunter3', REDIS_URL: 'redis://:hunter4@cache' }
    const { out } = await ran(root, ['dev', 'info', '--all'], { env })
    expect(out).toMatch(/^LOG_LEVEL +debug$/m)
    expect(out).toMatch(/^APP_DEBUG +false \(default\)$/m)
    expect(out).toMatch(/^MIGRATE_ON_START +\(unset\)$/m)
    expect(out).toMatch(/^DATABASE_URL +postgres:\/\/\*{8}:\*{8}@db:5432\/app \(\.env\)$/m)
    expect(out).toMatch(/^REDIS_URL +redis:\/\/\*{8}:\*{8}@cache$/m)
    expect(out).not.toContain('JWT_SECRET')
    expect(out).not.toMatch(/bob|hunter/)
  })

  it('shows nothing of what looks like a secret, as text and as JSON', async () => {
    const env = {
      LOGIN: 'admin:hunter2',
      JWT: 'hunter2',
      HMAC: 'c0ffee',
      OPENAI: 'hunter22',
      ENCRYPTION: 'hunter2',
      PARTNER_CODE: 'q7',
      TERMINAL_PIN: '4711',
    }
    const names = Object.keys(env)
    const root = foreign({}, { '.env.example': names.map((name) => `${name}=\n`).join('') })
    const { out } = await ran(root, ['dev', 'info', '--all'], { env })
    const { environment } = await documentInWith(root, env)
    for (const name of names) {
      expect(out).toMatch(new RegExp(`^${name} +\\*{8}$`, 'm'))
      expect(environment).toContainEqual({ name, value: '********', source: 'environment' })
    }
  })

  it('asks for the version of the package manager without the network', async () => {
    const root = foreign()
    const program = '#!/bin/sh\necho "1.2.$COREPACK_ENABLE_NETWORK"\n'
    writeTree(root, { 'node_modules/.bin/pnpm': program })
    chmodSync(join(root, 'node_modules/.bin/pnpm'), 0o755)
    expect((await documentIn(root)).packageManager.version).toBe('1.2.0')
  })

  it('knows the lock file that is published', async () => {
    const root = join(temporaryFolder(), 'project')
    const own = '{ "dependencies": { "fastify": "^5.0.0" } }'
    writeTree(root, { 'package.json': own, 'npm-shrinkwrap.json': '{}', '../pnpm-lock.yaml': '' })
    expect((await documentIn(root)).packageManager).toMatchObject({
      name: 'npm',
      lockFile: 'npm-shrinkwrap.json',
    })
  })

  it('lets nothing of a secret out, as text and as JSON', async () => {
    const names = ['DATABASE_URL', 'REDIS_URL', 'API_TOKEN', 'OTHER_URL', 'DB_PASSWORD']
    const root = foreign({}, { '.env.example': names.map((name) => `${name}=\n`).join('') })
    const characters = 'QWXYZ2345678@:/?#%!$&+_.~'.split('')
    const secret = fc.string({
      unit: fc.constantFrom(...characters),
      minLength: 4,
      maxLength: 24,
    })
    await fc.assert(
      fc.asyncProperty(secret, fc.boolean(), async (word, isJson) => {
        const env = {
          DATABASE_URL: `postgres://owner:${word}@db/app`,
          REDIS_URL: `redis://:${word}@cache`,
          OTHER_URL: `https://host/path?sig=${word}`,
          API_TOKEN: word,
          DB_PASSWORD: word,
        }
        const argv = ['dev', 'info', '--all', ...(isJson ? ['--json'] : [])]
        const { out, err } = await ran(root, argv, { env })
        const shown = (out + err).slice(out.indexOf('DATABASE_URL'))
        for (let at = 0; at + 4 <= word.length; at += 1) {
          expect(shown).not.toContain(word.slice(at, at + 4))
        }
      }),
      { numRuns: 6 },
    )
  })

  it('shows no credentials of a repository', async () => {
    const dependencies = { fastify: 'git+https://bob:hunter2@github.com/fastify/fastify.git' }
    const root = foreign({ dependencies })
    expect((await ran(root, ['dev', 'info'])).out).not.toContain('hunter2')
    expect(JSON.stringify(await documentIn(root))).not.toContain('hunter2')
  })

  it('is silent with --quiet, and refuses what it does not know', async () => {
    expect(await run(foreign(), ['dev', 'info', '-q'])).toEqual({ code: 0, out: '', err: '' })
    expect((await run(foreign(), ['dev', 'info', '--everything'])).code).toBe(2)
  })
})
