import { RefusedError } from '../errors.ts'
import { unitId } from '../model/unit.ts'
import { namesOf } from '../options/names.ts'
import { defineGenerator, type Surroundings } from './generator.ts'
import { refuseOwned } from './owned.ts'

/** What `generate migration` was asked for. */
export interface MigrationInput {
  readonly name: string
}

export const migration = defineGenerator<MigrationInput>({
  name: 'migration',
  summary: 'an up and a down script, to be written by hand',

  plan(input, surroundings) {
    const { kebab, snake } = namesOf(input.name)
    if (!surroundings.isService) refuseForeign()
    const head = { kind: 'migration', name: kebab } as const
    const before = surroundings.recorded(unitId(head))
    if (!before) {
      refuseTaken(snake, surroundings)
      refuseOwned({ ...head, args: {} }, surroundings)
    }
    const stamp = before ? String(before.args.stamp) : surroundings.stamp
    return {
      head: { ...head, args: { stamp } },
      requires: ['database'],
      folders: ['service'],
      data: { stamp, snake },
      wiring: [],
    }
  },
})

/** Refuses the name of another migration, for example of a resource: the migrator would, too. */
function refuseTaken(snake: string, { namesIn, paths }: Surroundings): void {
  const other = namesIn(paths.migrations).find((name) => name.slice(14) === `_${snake}.up.sql`)
  if (other === undefined) return
  throw new RefusedError([
    {
      code: 'NAME_TAKEN',
      file: `${paths.migrations}/${other}`,
      message: `There is a migration called ${snake} already.`,
      hint: 'Choose another name: each migration has its own.',
    },
  ])
}

function refuseForeign(): never {
  throw new RefusedError([
    {
      code: 'NO_ANCHOR',
      message:
        'A migration is run by the migrator of a service that create-service made, ' +
        'and here is no `.create-service/manifest` of one.',
      hint: 'Use the migration tool of this project.',
    },
  ])
}
