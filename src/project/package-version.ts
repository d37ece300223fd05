import { dirname, join, relative, sep } from 'node:path'
import type { PackageVersion } from '../model/place.ts'
import { exists, readTextIfAny } from '../system/files.ts'
import { fastifyRange, installedPackage, type Package } from './package.ts'

/**
 * The version of a package that a project uses: the installed one, else that of the lock file, else
 * the lowest that package.json allows. Undefined where nothing tells.
 */
export function versionInUse(root: string, own: Package, name: string): PackageVersion | undefined {
  return resolvedVersion(root, own, name) ?? lowest(rangeOf(own, name))
}

/** The version that was installed, or that the lock file says will be. */
function resolvedVersion(root: string, own: Package, name: string): PackageVersion | undefined {
  const range = rangeOf(own, name)
  return (
    nearest(root, (folder) => numbersIn(installedPackage(folder, name)?.version)) ??
    nearest(root, (folder) => lockedVersion(folder, root, name, range))
  )
}

/** The major version of Fastify: the one in use, else the newest that is asked for. */
export function fastifyMajor(root: string, own: Package): number {
  return resolvedVersion(root, own, 'fastify')?.major ?? newestMajor(fastifyRange(own) ?? '')
}

/** The highest major version that a range allows; the newest where it is open, or names none. */
function newestMajor(range: string): number {
  const named = range.matchAll(/(<(?!=)\s*)?(?<![\d.])(\d+)(?=[.\s|]|$)/g)
  const majors = [...named].map(([, below, major]) => Number(major) - (below === undefined ? 0 : 1))
  const isOpen = majors.length === 0 || (/>/.test(range) && !/</.test(range))
  return isOpen ? newest : Math.max(...majors)
}

const newest = 5

/** The range in which a package.json asks for a package. */
export function rangeOf(own: Package, name: string): string | undefined {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = own
  const asked = [dependencies, optionalDependencies, devDependencies, peerDependencies]
  return asked.flatMap((list) => list?.[name] ?? [])[0]
}

/** The first answer for a folder, here or above, up to the repository. */
function nearest<T>(folder: string, ask: (folder: string) => T | undefined): T | undefined {
  const found = ask(folder)
  const above = dirname(folder)
  const isLast = above === folder || exists(join(folder, '.git'))
  return found ?? (isLast ? undefined : nearest(above, ask))
}

function numbersIn(version: string | undefined): PackageVersion | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version ?? '') ?? []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) }
}

/** What the lock file of a folder says about a package of the project at `root`. */
function lockedVersion(folder: string, root: string, name: string, range: string | undefined) {
  const member = relative(folder, root).split(sep).join('/')
  for (const [file, read] of lockFiles) {
    const text = readTextIfAny(join(folder, file))
    const found = text && read(text.replaceAll('\r\n', '\n'), name, member, range)
    if (found) return numbersIn(found)
  }
  return undefined
}

type ReadLock = (
  text: string,
  name: string,
  member: string,
  range: string | undefined,
) => string | undefined

const lockFiles: readonly (readonly [string, ReadLock])[] = [
  ['package-lock.json', inNpm],
  ['npm-shrinkwrap.json', inNpm],
  ['pnpm-lock.yaml', inPnpm],
  ['yarn.lock', inYarn],
  ['bun.lock', inBun],
]

interface NpmLock {
  readonly packages?: { readonly [path: string]: Package }
  readonly dependencies?: { readonly [name: string]: Package }
}

function inNpm(text: string, name: string, member: string): string | undefined {
  let lock: NpmLock
  try {
    lock = JSON.parse(text) as NpmLock
  } catch {
    return undefined
  }
  const own = member === '' ? undefined : lock.packages?.[`${member}/node_modules/${name}`]
  return (own ?? lock.packages?.[`node_modules/${name}`] ?? lock.dependencies?.[name])?.version
}

/** `importers`, the project, its lists of dependencies, the package: each two spaces deeper. */
function inPnpm(text: string, name: string, member: string): string | undefined {
  const importer = blockIn(text, `  ${member === '' ? '.' : member}:`) ?? text
  const entry = new RegExp(
    `^ +['"]?${escaped(name)}['"]?:(?:\\s*\\n +specifier: .*\\n +version:)? +['"]?(\\d[\\w.-]*)`,
    'm',
  ).exec(importer)
  return entry?.[1]
}

/** The lines below one, as far as they are indented further. */
function blockIn(text: string, head: string): string | undefined {
  const lines = text.split('\n')
  const at = lines.indexOf(head)
  if (at === -1) return undefined
  const end = lines.findIndex((line, index) => index > at && /^ {0,2}\S/.test(line))
  return lines.slice(at + 1, end === -1 ? undefined : end).join('\n')
}

/** The entry of the asked range, or the only one. */
function inYarn(text: string, name: string, _member: string, range = ''): string | undefined {
  const entries = [
    ...text.matchAll(
      new RegExp(`^"?${escaped(name)}@[^\\n]*:\\n(?: +.*\\n)*? +version:? "?([^"\\n]+)`, 'gm'),
    ),
  ]
  const asked = entries.find(([entry]) => (entry.split('\n')[0] ?? '').includes(range))
  return (asked ?? entries[0])?.[1]
}

function inBun(text: string, name: string): string | undefined {
  return new RegExp(`"${escaped(name)}": \\["${escaped(name)}@([^"]+)"`).exec(text)?.[1]
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** The lowest version of a range; nothing where it names none. */
function lowest(range: string | undefined): PackageVersion | undefined {
  const alternatives = (range ?? '').replace(/^npm:.*@/, '').split('||')
  const found = alternatives.flatMap((part) => {
    const [, major, minor = 0] = /(\d+)(?:\.(\d+))?/.exec(part.replace(/<=?\s*[\d.]+/g, '')) ?? []
    return major === undefined ? [] : { major: Number(major), minor: Number(minor) }
  })
  return found.sort((a, b) => a.major - b.major || a.minor - b.minor)[0]
}
