import { join } from 'node:path'
import { passThrough } from '../../system/exec.ts'
import { readTextIfAny } from '../../system/files.ts'
import type { Facts } from '../facts.ts'
import { installed } from '../installed.ts'
import { resolveServe, type ServeOptions } from './resolve-serve.ts'
import { type Audience, serveService } from './service.ts'
import { refuseTakenPort } from './taken.ts'

/** Serves the project until it is stopped; gives the server's exit code. */
export async function serve(
  facts: Facts,
  options: ServeOptions,
  audience: Audience,
): Promise<number> {
  const serving = resolveServe(facts, options, () => listeningFiles(facts))
  if (serving.notice !== undefined) audience.say(serving.notice)
  if (serving.kind === 'service') return serveService(serving, facts.features, audience)
  const { command } = serving
  const port = Number(command.env?.PORT ?? 0)
  if (port > 0) await refuseTakenPort(command.env?.HOST ?? '127.0.0.1', port)
  return passThrough(serving.isManager ? command : installed(command))
}

const names = ['server', 'main', 'index', 'app']
const endings = ['ts', 'mts', 'js', 'mjs', 'cjs']

/** The files of a project that start a server, by their usual names; what package.json names comes first. */
function listeningFiles({ root, levels: [{ package: own }] }: Facts): readonly string[] {
  const usual = ['src/', ''].flatMap((folder) =>
    names.flatMap((name) => endings.map((ending) => `${folder}${name}.${ending}`)),
  )
  const candidates = own.main === undefined ? usual : [own.main, ...usual]
  return candidates.filter((file) => /\.listen\s*\(/.test(readTextIfAny(join(root, file)) ?? ''))
}
