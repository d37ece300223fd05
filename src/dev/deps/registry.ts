import type { Command } from '../../model/plan.ts'
import type { PackageManager } from '../../model/project.ts'
import { capture, type Finished } from '../../system/exec.ts'
import type { Published } from './versions.ts'

/** What a package manager gave as an answer about `name@range`. */
export type Told =
  | { readonly state: 'told'; readonly published: readonly Published[] }
  /** The registry answers, and does not have it. */
  | { readonly state: 'unknown'; readonly message: string }
  /** It does not answer. */
  | { readonly state: 'unreachable'; readonly message: string }

export type Ask = (spec: string) => Promise<Told>

const fields = ['version', 'deprecated', 'dist-tags']

// Without a network, fail fast.
const impatience = {
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '500',
  npm_config_fetch_timeout: '60000',
  npm_config_update_notifier: 'false',
  npm_config_loglevel: 'error',
  pnpm_config_fetch_retries: '1',
  pnpm_config_fetch_retry_mintimeout: '500',
  YARN_HTTP_RETRY: '1',
  YARN_HTTP_TIMEOUT: '60000',
  YARN_ENABLE_TELEMETRY: '0',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
}
// The documents of some packages have 50 MB.
const longest = { timeoutMs: 120_000 }

/** The command that asks a package manager; each reads its own registry settings. */
export function viewCommand(manager: PackageManager, cwd: string, spec: string): Command {
  const words: Record<PackageManager, readonly string[]> = {
    npm: ['view', spec, ...fields, '--json'],
    pnpm: ['view', spec, ...fields, '--json'],
    yarn: ['npm', 'info', spec, '--fields', fields.join(','), '--json'],
    bun: ['pm', 'view', spec, '--json'],
  }
  return { program: manager, args: words[manager], cwd, env: impatience }
}

/** Asks the package manager of the project, or npm if that can't answer. */
export async function registryOf(manager: PackageManager, root: string): Promise<Ask> {
  const asking = { program: manager, args: ['--version'], cwd: root, env: impatience }
  const version = manager === 'npm' ? '' : await versionOf(asking, longest)
  // The first Yarn does not know ranges here; it takes its registries from .npmrc, as npm does.
  const canAsk = version !== undefined && !(manager === 'yarn' && version.startsWith('1.'))
  const asked = canAsk ? manager : 'npm'
  return async (spec) => {
    const answer = await capture(viewCommand(asked, root, spec), longest)
    if (answer.isMissing) return { state: 'unreachable', message: `${asked} is not installed` }
    return readAnswer({ ...answer, complaint: answer.stderr })
  }
}

// A package manager may first fetch the release of itself that the project names.
const offline = {
  ...impatience,
  COREPACK_ENABLE_NETWORK: '0',
  npm_config_manage_package_manager_versions: 'false',
  pnpm_config_manage_package_manager_versions: 'false',
  pnpm_config_pm_on_fail: 'ignore',
}

/** The version of a package manager, without the network; nothing where it is not installed. */
export function installedVersionOf(
  manager: PackageManager,
  root: string,
): Promise<string | undefined> {
  return versionOf(
    { program: manager, args: ['--version'], cwd: root, env: offline },
    { timeoutMs: 5_000 },
  )
}

async function versionOf(command: Command, limit: typeof longest): Promise<string | undefined> {
  const { isFine, stdout } = await capture(command, limit)
  return isFine ? /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] : undefined
}

const notThere =
  /E40[1345]|ETARGET|\b40[1345]\b|NOT_FOUND|NO_MATCHING|No match|not found|does not exist/i

/** Reads what any of the package managers prints: a document, a list, or a document a line. */
export function readAnswer({
  isFine,
  stdout,
  complaint,
}: Pick<Finished, 'isFine' | 'stdout'> & { readonly complaint: string }): Told {
  const documents = documentsIn(stdout)
  const published = documents.flatMap(publishedIn)
  if (published.length > 0) return { state: 'told', published }
  // Some say nothing at all of a range that no version is in.
  if (isFine) return { state: 'unknown', message: 'no such version' }
  const message = messageIn(documents, complaint)
  const isUnknown = notThere.test(`${message}\n${stdout}`)
  return { state: isUnknown ? 'unknown' : 'unreachable', message: message || 'no answer' }
}

function documentsIn(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)].flat()
  } catch {
    if (!text.includes('\n')) return []
    return text.split('\n').flatMap((line) => documentsIn(line))
  }
}

function publishedIn(value: unknown): readonly Published[] {
  if (!isObject(value) || typeof value.version !== 'string') return []
  const { version, deprecated, 'dist-tags': tags } = value
  const latest = isObject(tags) && typeof tags.latest === 'string' ? tags.latest : undefined
  const isDeprecated = typeof deprecated === 'string' && deprecated !== ''
  return [{ version, latest, ...(isDeprecated ? { deprecated } : {}) }]
}

/** The complaint in a line: npm and pnpm put it into the document, Yarn a line each, Bun elsewhere. */
function messageIn(documents: readonly unknown[], complaint: string): string {
  const texts = documents.flatMap((document) => {
    if (!isObject(document)) return []
    const { code, summary, message } = isObject(document.error) ? document.error : {}
    const said = [summary, message, document.data].filter((text) => typeof text === 'string')
    return said.length > 0 ? said : [code].filter((text) => typeof text === 'string')
  })
  const said =
    texts.length > 0 ? texts.map((text) => text.trim().split('\n')[0]) : complaint.split('\n')
  const lines = said.map((line) => line?.trim() ?? '').filter((line) => line !== '')
  return lines.slice(0, 3).join(' ')
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null
}
