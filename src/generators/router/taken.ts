import { unitFolder } from '../../changes/units.ts'
import { RefusedError } from '../../errors.ts'
import { unitId } from '../../model/unit.ts'
import type { Surroundings } from '../generator.ts'
import { samplePath } from './prefix.ts'

/** Refuses a name whose identifier or test belongs to something else in a service. */
export function refuseTaken(
  kebab: string,
  isUnderApi: boolean,
  { namesIn }: Pick<Surroundings, 'namesIn'>,
): void {
  if (isUnderApi && namesIn('src/resources').includes(kebab)) {
    refuse(`${kebab} is the plural of a resource.`, 'name', `src/resources/${kebab}`)
  }
  const test = `${kebab}.test.ts`
  if (namesIn('test/api').includes(test)) {
    refuse(`There is a test of ${kebab} already.`, 'name', `test/api/${test}`)
  }
}

/** Refuses the prefix of another router: both would have a health check there. */
export function refuseSharedPrefix(
  kebab: string,
  prefix: string,
  { namesIn, recorded }: Pick<Surroundings, 'namesIn' | 'recorded'>,
): void {
  for (const name of namesIn(unitFolder)) {
    const [, other] = /^router-(.+)\.json$/.exec(name) ?? []
    if (other === undefined || other === kebab) continue
    const theirs = recorded(unitId({ kind: 'router', name: other }))?.args.prefix
    if (typeof theirs !== 'string' || samplePath(theirs) !== samplePath(prefix)) continue
    refuse(`The router ${other} is at ${theirs}.`, '--prefix')
  }
}

function refuse(message: string, what: string, file?: string): never {
  const hint = `Choose another ${what}.`
  throw new RefusedError([{ code: 'NAME_TAKEN', message, hint, ...(file && { file }) }])
}
