import { posix } from 'node:path'
import { RefusedError } from '../../errors.ts'
import type { Habits, Place } from '../../model/place.ts'
import type { RefusalCode } from '../../model/refusal.ts'
import type { SchemaStyle } from '../../model/schemas.ts'
import type { UnitHead } from '../../model/unit.ts'
import type { Field } from '../../options/fields.ts'
import type { Names } from '../../options/names.ts'
import type { DrizzleFacts } from '../../project/drizzle.ts'
import { featureNames } from '../../project/feature-folders.ts'
import type { Generated, Surroundings, Wiring } from '../generator.ts'
import { foreignFile } from '../plugin/foreign.ts'
import { schemaNotices, writingOf } from '../plugin/schemas.ts'
import { mountAt } from '../router/mount.ts'
import { specifierOf } from '../specifier.ts'
import { type ForeignFiles, foreignResourceData } from './foreign-data.ts'
import { type Part, parts, partsOf } from './parts.ts'
import { readRecord } from './record.ts'

/** A resource that is asked for in a project that was made elsewhere. */
export interface ForeignAsk {
  readonly names: Names
  readonly fields: readonly Field[]
  /** None means all that there are. */
  readonly parts: readonly Part[]
  /** What is recorded of it, if it was generated before. */
  readonly unit: UnitHead | undefined
}

/** Tests are made for the ones that a service has. */
const possible = parts.filter((part) => part !== 'tests')

/** A resource on the Drizzle of a project that was made elsewhere, in its own habits. */
export function foreignResource(ask: ForeignAsk, surroundings: Surroundings): Generated {
  const { names, fields, unit } = ask
  const { habits } = surroundings
  if (ask.parts.includes('tests')) refuseTests()
  if (habits.module === 'commonjs') refuseCommonJs()
  const facts = surroundings.drizzle()
  const wanted = partsOf(ask.parts, unit ? readRecord(unit).parts : [], possible)
  const asked = ask.parts.length === 0 ? possible : ask.parts
  const has = (part: Part) => asked.includes(part)
  const place = surroundings.place('router', `resource-${names.kebab}`)
  const { schemas, style, args } = writingOf(unit, place, surroundings)
  const { where, notices } = mountAt(`/${names.kebabPlural}`, place)
  const files = recordedFiles(unit) ?? newFiles(names, facts, place, surroundings)
  if (unit === undefined) refuseTaken(names, files, facts)
  return {
    head: headOf(ask, wanted, files, args),
    requires: [],
    folders: possible.filter(has).map((part) => folderOf(part, habits, schemas)),
    data: {
      ...foreignResourceData({ names, fields, files, habits, handle: facts.handle, schemas }),
      where,
    },
    style,
    wiring: has('model') ? exportOf(files, habits) : [],
    registrations: has('router')
      ? [{ file: files.routes, name: `${names.camel}Routes`, order: 'last', place }]
      : [],
    notices: [
      ...(ask.parts.length === 0 ? ['No tests are written: they need those of a service.'] : []),
      ...schemaNotices(schemas),
      ...(has('router') ? notices : []),
    ],
    next: has('model') ? ['drizzle-kit generate'] : [],
  }
}

/** Models and schemas read alike in both languages. */
function folderOf(part: Part, { language }: Habits, schemas: SchemaStyle): string {
  if (part === 'schema') return `foreign-schema/${schemas.kind}`
  if (part === 'router' && schemas.kind === 'unknown') return `foreign-${language}/router-bare`
  return part === 'model' ? 'foreign/model' : `foreign-${language}/${part}`
}

/** The model beside the others, the routes beside the others, and a folder of its own for the rest. */
function newFiles(
  names: Names,
  facts: DrizzleFacts,
  place: Place,
  surroundings: Surroundings,
): ForeignFiles {
  const { kebab, kebabPlural } = names
  const { schema, feature } = facts
  if (feature !== undefined)
    return filesOfFeature(names, { ...schema, feature }, place, surroundings)
  const folder = posix.join(posix.dirname(place.folder), 'resources', kebabPlural)
  const { fileEnding } = surroundings.habits
  return {
    model: schema.models.replaceAll('*', kebabPlural),
    barrel: schema.barrel ?? null,
    schema: `${folder}/${kebab}.schema${fileEnding}`,
    repository: `${folder}/${kebab}.repository${fileEnding}`,
    routes: foreignFile(kebabPlural, place, surroundings).file,
  }
}

/** All of it in a folder of its own, named like those that are there; what a loader takes up stays there. */
function filesOfFeature(
  { kebab, kebabPlural }: Names,
  { models, barrel, feature }: DrizzleFacts['schema'] & { readonly feature: string },
  place: Place,
  surroundings: Surroundings,
): ForeignFiles {
  const { habits, namesIn } = surroundings
  const model = posix.basename(models)
  const known = featureNames(feature, namesIn(feature), model.replace('*', posix.basename(feature)))
  const name = known.isPlural ? kebabPlural : kebab
  const path = (what: string) =>
    posix.join(posix.dirname(models).replaceAll('*', name), `${name}.${what}${habits.fileEnding}`)
  return {
    model: models.replaceAll('*', name),
    barrel: barrel ?? null,
    schema: path(known.schema),
    repository: path(known.repository),
    routes:
      place.by === 'loader'
        ? foreignFile(kebabPlural, place, surroundings).file
        : path(known.routes),
  }
}

/** A later run adds to the same files, wherever it would put new ones. */
function recordedFiles(unit: UnitHead | undefined): ForeignFiles | undefined {
  return unit?.args.files as ForeignFiles | undefined
}

function headOf(
  { names, fields }: ForeignAsk,
  parts: readonly Part[],
  files: ForeignFiles,
  writing: UnitHead['args'],
): UnitHead {
  return {
    kind: 'resource',
    name: names.kebab,
    args: {
      fields: fields.map(({ spelling }) => spelling),
      parts: [...parts],
      plural: names.kebabPlural,
      // Access is the project's own affair.
      public: true,
      files: { ...files },
      ...writing,
    },
  }
}

function exportOf({ barrel, model }: ForeignFiles, habits: Habits): readonly Wiring[] {
  if (barrel === null) return []
  const from = specifierOf(barrel, model, habits.specifierEnding)
  return [{ path: barrel, op: { op: 'ensureExport', from } }]
}

/** Two tables of one name would be one; two exports of one name would be none. */
function refuseTaken(
  { snakePlural, camelPlural }: Names,
  { model }: ForeignFiles,
  { tables }: DrizzleFacts,
): void {
  const other = tables.find(
    ({ path, name, variable }) =>
      path !== model && (name === snakePlural || variable === camelPlural),
  )
  if (other === undefined) return
  const { path: file, line, variable } = other
  throw new RefusedError([
    {
      code: 'NAME_TAKEN',
      file,
      line,
      message: `There is a table of that name: ${variable}.`,
      hint: 'Choose another name, or another plural with --plural <word>.',
    },
  ])
}

function refuseTests(): never {
  refuse(
    'NOT_A_SERVICE',
    'Tests of a resource need the ones of a service that create-service made.',
    'Leave --tests out.',
  )
}

function refuseCommonJs(): never {
  refuse(
    'NO_ANCHOR',
    'A resource needs Drizzle on PostgreSQL in TypeScript or in ES modules; this project is JavaScript with require.',
    'create-service generate router <name> works here.',
  )
}

function refuse(code: RefusalCode, message: string, hint: string): never {
  throw new RefusedError([{ code, message, hint }])
}
