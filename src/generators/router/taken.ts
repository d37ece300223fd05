import { RefusedError } from '../../errors.ts'
import type { Surroundings } from '../generator.ts'

/** Refuses a name whose identifier or test belongs to something else in a service. */
export function refuseTaken(
  kebab: string,
  isUnderApi: boolean,
  { namesIn }: Pick<Surroundings, 'namesIn'>,
): void {
  if (isUnderApi && namesIn('src/resources').includes(kebab)) {
    refuse(`${kebab} is the plural of a resource.`, `src/resources/${kebab}`)
  }
  const test = `${kebab}.test.ts`
  if (namesIn('test/api').includes(test)) {
    refuse(`There is a test of ${kebab} already.`, `test/api/${test}`)
  }
}

function refuse(message: string, file: string): never {
  throw new RefusedError([{ code: 'NAME_TAKEN', message, hint: 'Choose another name.', file }])
}
