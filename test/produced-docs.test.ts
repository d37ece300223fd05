import { posix } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createdService } from './support/service.ts'
import { type Tree, treeOf } from './support/tree.ts'

/* The pages of a service describe the service that was chosen: nothing is missing, nothing too much. */

const presets: readonly (readonly [string, readonly string[]])[] = [
  ['minimal', ['--preset', 'minimal']],
  ['with auth', ['--features', 'auth']],
  ['standard', []],
]

/** Everything that a pattern's first group finds, in order, without repetitions. */
function all(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, found]) => found ?? ''))]
}

function sourceOf(tree: Tree, path: RegExp): string {
  return Object.keys(tree)
    .filter((file) => path.test(file))
    .map((file) => tree[file])
    .join('\n')
}

describe.each(presets)('the pages of a service, %s', (_name, flags) => {
  let tree: Tree
  const page = (path: string) => tree[path] ?? ''

  beforeAll(async () => {
    tree = treeOf(await createdService(...flags))
  })

  it('list every plugin in the order of the request', () => {
    const registered = all(page('src/plugins.ts'), /register\((\w+)\)/g)
    const flow = page('docs/architecture.md').split('## Request flow')[1]?.split('\n## ')[0] ?? ''
    expect(registered.length).toBeGreaterThan(8)
    expect(all(flow, /^\| `(\w+)` \|/gm)).toEqual(registered)
  })

  it('list every folder of the source', () => {
    const folders = all(Object.keys(tree).join('\n'), /^(src\/[\w-]+\/)/gm)
    const described = all(page('docs/architecture.md'), /^\| `(src\/[\w-]+\/)` \|/gm)
    expect(described.toSorted()).toEqual(folders.toSorted())
  })

  it('describe every variable, and .env.example has it', () => {
    const variables = all(sourceOf(tree, /^src\/.*\.ts$/), /\b(?:env: |integer\()'([A-Z_]+)'/g)
    expect(variables).toContain('PORT')
    const described = all(page('docs/configuration.md'), /^\| `([A-Z_]+)` \|/gm)
    expect(described.toSorted()).toEqual(variables.toSorted())
    const example = all(page('.env.example'), /^(?:# )?([A-Z_]+)=/gm)
    expect(example.toSorted()).toEqual(variables.toSorted())
  })

  it('describe every command', () => {
    const sources = Object.keys(tree).filter((path) => /^src\/[\w-]+\/cli\.ts$/.test(path))
    expect(sources).not.toEqual([])
    for (const path of sources) {
      const text = page(path)
      // A feature adds commands to the base's `monitor`.
      const [group = 'monitor'] = all(text, /program\s*\.command\('([\w-]+)'\)/g)
      const named = all(text, /\b(?:c|addC)ommand(?:<[^(]*>)?\(\s*['`]([\w-]+)/g)
      const commands = named.filter((name) => name !== group)
      expect(commands, path).not.toEqual([])
      for (const command of commands) {
        expect(page('docs/cli.md'), path).toMatch(new RegExp(`\`${group} ${command}[\` ]`))
      }
    }
    const groups = all(page('docs/cli.md'), /^## ([a-z]+)$/gm)
    const own = sources.filter((path) => /program\s*\.command\('/.test(page(path)))
    expect(groups).toHaveLength(own.length)
  })

  it('link to files that exist', () => {
    const pages = Object.keys(tree).filter((path) => path.endsWith('.md'))
    const broken = pages.flatMap((path) =>
      all(page(path), /\]\(((?!https?:|#|mailto:)[^)\s]+)\)/g)
        .map((link) => posix.join(posix.dirname(path), link.split('#')[0] ?? '').replace(/\/$/, ''))
        .filter((to) => !Object.keys(tree).some((file) => file === to || file.startsWith(`${to}/`)))
        .map((to) => `${path} -> ${to}`),
    )
    expect(broken).toEqual([])
  })

  it('leave no empty table and no unfilled place', () => {
    for (const [path, text] of Object.entries(tree)) {
      if (!path.endsWith('.md')) continue
      expect(text, path).not.toMatch(/\{\{|<!--/)
      expect(text, path).not.toMatch(/\|---\|\n(?!\|)/)
    }
  })
})
