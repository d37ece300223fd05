import type { ProjectPaths } from '../model/project.ts'
import { refuseDevices } from '../options/device-names.ts'
import { type Field, parseFields } from '../options/fields.ts'
import { type Names, namesOf } from '../options/names.ts'
import { defineGenerator, type Wiring } from './generator.ts'
import { refuseOwned } from './owned.ts'
import { registerStatement } from './plugin/register.ts'
import { foreignResource } from './resource/foreign.ts'
import { modelData } from './resource/model-data.ts'
import { resolveName } from './resource/name.ts'
import { type Part, parts, partsOf } from './resource/parts.ts'
import { readRecord, refuseDifferent, refuseTaken, toArgs } from './resource/record.ts'
import { routesData } from './resource/routes-data.ts'
import { schemaData } from './resource/schema-data.ts'
import { testsData } from './resource/tests-data.ts'
import { specifierOf } from './specifier.ts'

export { type Part, parts }

/** What `generate resource` was asked for. */
export interface ResourceInput {
  readonly name: string
  /** Words of the field grammar; none for a resource that was generated before means its own. */
  readonly fields: readonly string[]
  /** None means all. */
  readonly parts: readonly Part[]
  readonly plural?: string | undefined
  /** Routes that declare no access. */
  readonly isPublic: boolean
}

export const resource = defineGenerator<ResourceInput>({
  name: 'resource',
  summary: 'model, migration, schemas, repository, routes and tests of one resource',

  plan(input, surroundings) {
    const { paths, recorded, namesIn, stamp } = surroundings
    const fields = parseFields(input.fields)
    const { name, unit, notices } = resolveName(input.name, input.plural, recorded)
    const before = unit && readRecord(unit)
    const names = namesOf(name, input.plural ?? before?.plural)
    if (!before) refuseDevices([names.kebab, names.kebabPlural], 'item')
    const head = { kind: 'resource', name: names.kebab } as const
    const own = before && fields.length === 0 ? parseFields(before.fields) : fields
    if (!surroundings.isService) {
      const asked = { fields: own.map(({ spelling }) => spelling), plural: names.kebabPlural }
      if (before) refuseDifferent(names.pascal, before, { ...asked, public: false })
      else refuseOwned({ ...head, args: { plural: names.kebabPlural } }, surroundings)
      const ask = { names, fields: own, parts: input.parts, unit }
      const foreign = foreignResource(ask, surroundings)
      return { ...foreign, notices: [...notices, ...(foreign.notices ?? [])] }
    }
    const record = {
      fields: own.map(({ spelling }) => spelling),
      parts: partsOf(input.parts, before?.parts ?? []),
      plural: names.kebabPlural,
      public: input.isPublic || before?.public === true,
      stamp: before?.stamp ?? stamp,
    }
    if (before) refuseDifferent(names.pascal, before, { ...record, public: input.isPublic })
    else {
      refuseTaken(names, namesIn(`src/resources/${names.kebabPlural}`))
      refuseOwned({ ...head, args: toArgs(record) }, surroundings)
    }
    const asked = input.parts.length === 0 ? parts : input.parts
    return {
      head: { ...head, args: toArgs(record) },
      requires: ['database'],
      folders: parts.filter((part) => asked.includes(part)),
      data: resourceData(names, own, record.public, record.stamp),
      wiring: wiringOf(names, asked, paths),
      notices,
    }
  },
})

/** What the templates of a resource may refer to: names, and lines in their final layout. */
export function resourceData(
  names: Names,
  fields: readonly Field[],
  isPublic: boolean,
  migration: string,
) {
  return {
    ...names,
    migration,
    ...modelData(names, fields),
    ...schemaData(names, fields),
    ...routesData(names, fields, isPublic),
    ...testsData(fields, isPublic),
  }
}

/** The lines that make a resource known: its table to the schema, its routes to the API. */
function wiringOf(
  { camelPlural, kebabPlural, kebab }: Names,
  parts: readonly Part[],
  { schema, resources }: ProjectPaths,
): readonly Wiring[] {
  const file = (kind: string): string => `src/resources/${kebabPlural}/${kebab}.${kind}.ts`
  const wiring: Wiring[] = []
  if (parts.includes('model')) {
    const from = specifierOf(schema, file('model'))
    wiring.push({ path: schema, op: { op: 'ensureExport', from } })
  }
  if (parts.includes('router')) {
    const from = specifierOf(resources, file('routes'))
    wiring.push({ path: resources, op: { op: 'ensureImport', name: camelPlural, from } })
    wiring.push({
      path: resources,
      op: {
        op: 'ensureStatement',
        within: 'registerResources',
        name: camelPlural,
        statement: registerStatement(camelPlural, `/${kebabPlural}`),
        order: 'by-name',
      },
    })
  }
  return wiring
}
