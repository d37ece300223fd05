import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { createMigrator } from '../../../src/db/migrator.ts'
import { emptyDatabase } from '../../support/database.ts'
import { neededEnv } from '../../support/environment.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { skipReason } from '../support/postgres.ts'

/** Writes the URL of every module that is loaded into a file. */
function hookThatWrites(file: string): string {
  const hook = `import { appendFileSync } from 'node:fs'
    export function load(url, context, next) {
      appendFileSync(${JSON.stringify(file)}, url + '\\n')
      return next(url, context)
    }`
  return `import { register } from 'node:module'
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}))`
}

test.skipIf(skipReason)('a start on a migrated PostgreSQL loads nothing else', async (context) => {
  const { client, url, drop } = await emptyDatabase()
  context.onTestFinished(drop)
  await createMigrator(client).migrate()
  const folder = await mkdtemp(join(tmpdir(), 'modules-'))
  context.onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'modules.txt')
  await writeFile(join(folder, 'hook.mjs'), hookThatWrites(file))

  const server = await ServerProcess.start({
    ...neededEnv,
    NODE_ENV: 'production',
    DATABASE_URL: url,
    NODE_OPTIONS: `--import ${pathToFileURL(join(folder, 'hook.mjs'))}`,
  })
  context.onTestFinished(() => server.stop())
  await server.listening()
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
  const modules = (await readFile(file, 'utf8')).trim().split('\n')
  const own = modules.flatMap((module) => /dist-test\/db\/(.*)\.js$/.exec(module)?.[1] ?? [])
  expect(own).toContain('client')
  for (const unneeded of ['embedded', 'drift', 'cli', 'seed']) {
    expect(own).not.toContain(unneeded)
  }
  for (const name of ['@electric-sql/pglite', 'drizzle-kit', 'commander']) {
    expect(modules.filter((module) => module.includes(`node_modules/${name}/`))).toEqual([])
  }
})
