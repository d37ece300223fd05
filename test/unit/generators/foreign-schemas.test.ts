import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Generated, Surroundings } from '../../../src/generators/generator.ts'
import { resource } from '../../../src/generators/resource.ts'
import { router } from '../../../src/generators/router.ts'
import type { Habits } from '../../../src/model/place.ts'
import type { SchemaStyle } from '../../../src/model/schemas.ts'
import type { UnitHead } from '../../../src/model/unit.ts'
import { renderFolder } from '../../../src/render/templates.ts'
import { biomeFolder, complaintsOfBiome } from '../../support/biome.ts'
import { everyField } from '../../support/every-field.ts'
import { inForeign } from './surroundings.ts'

const provider = { type: 'ZodTypeProvider', from: 'fastify-type-provider-zod' }
const zod = (major: number, minor: number): SchemaStyle => ({
  kind: 'zod',
  from: 'zod',
  clause: '{ z }',
  version: { major, minor },
  provider,
})

const styles = {
  'Zod 4': zod(4, 1),
  'Zod 3.25': zod(3, 25),
  'Zod 3.22': zod(3, 22),
  TypeBox: { kind: 'typebox', from: 'typebox', isStrict: false },
  "TypeBox's compiler": { kind: 'typebox', from: '@sinclair/typebox', isStrict: true },
  'JSON Schema': { kind: 'json' },
  'an unknown compiler': { kind: 'unknown', at: 'src/app.ts:7' },
} satisfies Record<string, SchemaStyle>

const languages: readonly Partial<Habits>[] = [{}, { language: 'javascript', fileEnding: '.js' }]

function around(
  style: SchemaStyle,
  habits: Partial<Habits> = {},
  units: UnitHead[] = [],
): Surroundings {
  return {
    ...inForeign(habits, 'site', { units }),
    schemas: () => style,
    drizzle: () => ({
      handle: { kind: 'export', file: 'src/db/index.ts', name: 'db' },
      schema: { models: 'src/db/*.ts', barrel: 'src/db/schema.ts' },
      tables: [],
    }),
  }
}

const ask = { name: 'Thing', parts: [], isPublic: false }
const thing = (fields: readonly string[], surroundings: Surroundings) =>
  resource.plan({ ...ask, fields }, surroundings)

function render(noun: string, { folders, data }: Generated): Readonly<Record<string, string>> {
  const files = folders.flatMap((folder) => renderFolder(`generators/${noun}/${folder}`, data))
  return Object.fromEntries(files.map(({ path, text }) => [path, text]))
}

function schemaOf(style: SchemaStyle, fields: readonly string[] = everyField): string {
  return (
    render('resource', thing(fields, around(style)))['src/resources/things/thing.schema.ts'] ?? ''
  )
}

function routerOf(style: SchemaStyle, habits: Partial<Habits> = {}): string {
  const plan = router.plan({ name: 'probe' }, around(style, habits))
  return Object.values(render('router', plan)).join('')
}

const commonjs: Partial<Habits> = { language: 'javascript', module: 'commonjs', fileEnding: '.cjs' }

describe('the schemas of a router', () => {
  it.each<[string, SchemaStyle, Partial<Habits>, readonly string[]]>([
    [
      'Zod',
      zod(4, 1),
      {},
      [
        "import type { FastifyInstance } from 'fastify'\nimport type { ZodTypeProvider } from 'fastify-type-provider-zod'\nimport { z } from 'zod'\n",
        "response: { 200: z.object({ status: z.literal('ok') }) },",
        '.withTypeProvider<ZodTypeProvider>()',
      ],
    ],
    [
      'Zod in JavaScript',
      zod(4, 1),
      { language: 'javascript', fileEnding: '.js' },
      ["import { z } from 'zod'\n\nconst prefix"],
    ],
    [
      'Zod in CommonJS',
      zod(3, 22),
      commonjs,
      ["'use strict'\n\nconst { z } = require('zod')\n\nconst prefix"],
    ],
    [
      'TypeBox',
      styles.TypeBox,
      {},
      ["import { Type } from 'typebox'\n", "200: Type.Object({ status: Type.Literal('ok') })"],
    ],
    [
      'JSON Schema of which types are made',
      { kind: 'json', provider: { type: 'JsonSchemaToTsProvider', from: 'x' } },
      {},
      ['} as const,\n', '.withTypeProvider<JsonSchemaToTsProvider>()'],
    ],
  ])('are written with %s', (_what, style, habits, parts) => {
    const text = routerOf(style, habits)
    for (const part of parts) expect(text).toContain(part)
    expect(text.includes("type: 'object'")).toBe(style.kind === 'json')
  })

  it('are left out where nobody knows the compiler, and the user is told', () => {
    for (const habits of [...languages, commonjs]) {
      expect(routerOf(styles['an unknown compiler'], habits)).not.toMatch(/schema|response|tags/)
    }
    const { notices } = router.plan({ name: 'probe' }, around(styles['an unknown compiler']))
    expect(notices).toEqual([expect.stringContaining('src/app.ts:7')])
  })

  it('stay what they were when it is generated again', () => {
    const { head } = router.plan({ name: 'probe' }, around(zod(4, 1)))
    const again = router.plan({ name: 'probe' }, around({ kind: 'json' }, {}, [head]))
    expect(again.head).toEqual(head)
    const earlier = router.plan({ name: 'probe' }, around({ kind: 'json' }))
    const later = router.plan({ name: 'probe' }, around(zod(4, 1), {}, [earlier.head]))
    expect(later.head).toEqual(earlier.head)
    expect(later.data).toEqual(earlier.data)
  })
})

describe('the schemas of a resource', () => {
  it.each([
    [
      4,
      1,
      ['born: z.iso.date().nullable()', 'const id = z.guid()', 'z.iso.datetime({ offset: true })'],
    ],
    [3, 25, ['born: z.string().date().nullable()', 'const id = z.string().uuid()']],
    [
      3,
      22,
      [
        'born: z\n    .string()\n    .regex(/^\\d{4}-\\d\\d-\\d\\d$/)\n    .nullable()',
        'z.string().datetime({ offset: true })',
      ],
    ],
  ])('use what Zod %d.%d has', (major, minor, parts) => {
    const text = schemaOf(zod(major, minor))
    for (const part of parts)
      expect(text.replaceAll(/\s+/g, '')).toContain(part.replaceAll(/\s+/g, ''))
    expect(text).not.toContain("type: 'object'")
  })

  it('let no coercion change null where Ajv validates what TypeBox writes', () => {
    expect(schemaOf(styles.TypeBox)).toContain(
      "Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date' })",
    )
    expect(schemaOf(styles["TypeBox's compiler"])).not.toMatch(/Unsafe|format:/)
  })

  const { 'JSON Schema': _, ...ofTheirOwn } = styles
  const cases = Object.entries(ofTheirOwn).flatMap(([name, style]) =>
    languages.map((habits) => [name, habits.language ?? 'typescript', style, habits] as const),
  )

  it.each(cases)('for %s in %s are what Biome would write', (_name, _language, style, habits) => {
    const folder = biomeFolder()
    for (const fields of [everyField, [], ['title:string']]) {
      const path = `thing${fields.length}.schema${habits.fileEnding ?? '.ts'}`
      const files = render('resource', thing(fields, around(style, habits)))
      const text = Object.entries(files).find(([file]) => file.includes('.schema.'))?.[1]
      writeFileSync(join(folder, path), text ?? '')
    }
    expect(
      complaintsOfBiome(folder, [
        '--files-ignore-unknown=true',
        ...readdirSync(folder).filter((name) => name.startsWith('thing')),
      ]),
    ).toBe('')
  })
})
