import { usageError } from '../../errors.ts'
import { type Names, namesOf } from '../../options/names.ts'
import { reservedBecause } from '../../options/reserved.ts'

/** What the produced files, and the function that registers them, hold under a name of their own. */
const produced =
  'fp z healthSchema prefix routes request reply done config overrides accessLog apiPrefix bodyLimit'

/** No name for a file that `@fastify/autoload` has to find: it takes it for hooks. */
const misread = 'autohooks'

const taken = new Set([...produced.split(' '), misread])

/**
 * Every spelling of the name of a plugin, whose function is called by the camel-case one.
 * @throws {UserError} when the name cannot be used in code and paths alike
 */
export function pluginNames(name: string): Names {
  const names = namesOf(name)
  const { camel } = names
  const reason = taken.has(camel) ? 'is a name of the produced files' : reservedBecause(camel)
  if (reason === undefined) return names
  throw usageError(
    `"${camel}" ${reason}.`,
    `Choose another name, for example ${names.kebab}-routes or ${names.kebab}-hooks.`,
  )
}
