import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import { dependencyTable } from '../../../src/cli/dev/deps-table.ts'
import { infoText } from '../../../src/cli/dev/info-text.ts'
import { plain, wrap } from '../../../src/cli/dev/layout.ts'
import type { Dependency } from '../../../src/dev/deps/deps.ts'
import type { Info } from '../../../src/dev/info/info.ts'

const none = new Chalk({ level: 0 })

const dependency = (name: string, more: Partial<Dependency> = {}): Dependency => ({
  name,
  kind: 'devDependencies',
  range: '^6.0.0',
  installed: '6.3.0',
  wanted: '6.4.0',
  latest: '7.0.0',
  deprecated: undefined,
  isOutdated: true,
  source: 'registry',
  ...more,
})

const gone = 'This package is not kept any more, please use the other one that is.'
const long = [dependency('@fastify/type-provider-typebox', { deprecated: gone }), dependency('tsx')]
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length))

describe('dependencyTable', () => {
  it('has all columns where there is room', () => {
    expect(dependencyTable(long, 120, none)).toBe(
      [
        'name                            kind  installed  wanted  latest  state',
        '@fastify/type-provider-typebox  dev   6.3.0      6.4.0   7.0.0   outdated',
        `  deprecated: ${gone}`,
        'tsx                             dev   6.3.0      6.4.0   7.0.0   outdated',
        '',
      ].join('\n'),
    )
  })

  it('leaves the kind out where that is enough', () => {
    const table = dependencyTable(long, 68, none)
    expect(table.split('\n')[0]).toBe(
      'name                            installed  wanted  latest  state',
    )
    expect(widest(table)).toBeLessThanOrEqual(68)
  })

  it('gives each a block on a narrow terminal', () => {
    const table = dependencyTable(long, 40, none)
    expect(table.split('\n').slice(0, 4)).toEqual([
      '@fastify/type-provider-typebox (dev)',
      '  6.3.0, wanted 6.4.0, latest 7.0.0,',
      '  outdated',
      '  deprecated: This package is not kept',
    ])
    expect(widest(table)).toBeLessThanOrEqual(40)
  })

  it('marks nothing that is up to date', () => {
    const fresh = [dependency('tsx', { isOutdated: false, installed: '7.0.0' })]
    expect(dependencyTable(fresh, 120, none)).not.toContain('outdated')
  })

  it('lets no path widen the columns', () => {
    const path = dependency('tool', {
      range: 'file:../../somewhere/tool.tgz',
      wanted: undefined,
      latest: undefined,
      source: 'local',
    })
    const [head = ''] = dependencyTable([dependency('tsx'), path], 120, none).split('\n')
    expect(head).toBe('name  kind  installed  wanted  latest  state')
  })

  it('colours what is outdated or missing only where colours are', () => {
    const missing = [dependency('tsx'), dependency('x', { installed: undefined })]
    expect(dependencyTable(missing, 120, new Chalk({ level: 1 }))).toContain('\u001b[33mtsx')
    expect(dependencyTable(missing, 120, new Chalk({ level: 1 }))).toContain('\u001b[31mx')
    expect(dependencyTable(missing, 120, none)).not.toContain('\u001b')
  })
})

describe('infoText', () => {
  const info: Info = {
    node: '20.20.2',
    platform: 'linux x64',
    packageManager: { name: 'yarn', version: undefined, lockFile: undefined },
    createService: { version: '0.2.0', installed: '0.1.0', recorded: '0.1.0' },
    project: { name: 'x', root: '/p', kind: 'foreign', isInstalled: true },
    fastify: { asked: '^5.0.0', installed: '5.1.0' },
    features: [],
    units: { resource: 3, middleware: 1 },
    tools: [
      {
        task: 'lint',
        tool: undefined,
        from: undefined,
        hint: 'npm install --save-dev @biomejs/biome',
      },
    ],
    environment: [{ name: 'A_NAME', value: 'a\u001b[31mb\nc', source: '.env' }],
  }

  it('puts values beside their names', () => {
    const text = infoText(info, 120, none)
    expect(text).toContain('packages        yarn (not found), no lock file\n')
    expect(text).toContain('create-service  0.2.0 (0.1.0 in node_modules, written by 0.1.0)\n')
    expect(text).toContain('fastify         5.1.0 (^5.0.0)\n')
    expect(text).toContain('generated       3 resources, 1 middleware\n')
    expect(text).toContain('lint  none: npm install --save-dev @biomejs/biome\n')
    expect(text).toContain('A_NAME  a b c (.env)\n')
  })

  it('puts them below on a narrow terminal', () => {
    const text = infoText(info, 40, none)
    expect(widest(text)).toBeLessThanOrEqual(40)
    expect(text).toContain('lint\n  none: npm install --save-dev\n  @biomejs/biome\n')
  })
})

describe('wrap', () => {
  it('breaks at spaces and leaves long words whole', () => {
    expect(wrap('one two averyverylongword three', 9, '  ')).toBe(
      '  one two\n  averyverylongword\n  three',
    )
  })
})

describe('plain', () => {
  it('takes out what would move the cursor', () => {
    expect(plain('\u001b[31mred\u001b[0m\ttext\u0007\u001b[2J')).toBe('red text')
  })
})
