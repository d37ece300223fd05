import { usageError } from '../errors.ts'

const longest = 63
const form = /^[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*$/
const forbidden = new Set(['node_modules', 'favicon.ico'])

/** A name that npm, Docker and Kubernetes all accept, or a usage error. */
export function packageName(name: string): string {
  const fault = packageNameFault(name)
  if (fault === undefined) return name
  throw usageError(fault, `Pass --name, for example --name ${suggestedName(name)}.`)
}

/** Why npm, Docker or Kubernetes would refuse a name; nothing if all of them take it. */
export function packageNameFault(name: string): string | undefined {
  if (form.test(name) && name.length <= longest && !forbidden.has(name)) return undefined
  return `${JSON.stringify(name)} can't be the name of a service: use at most ${longest} lower-case letters, digits and single hyphens, and begin with a letter.`
}

/** The nearest name that can be used. */
export function suggestedName(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  const joined = (words ?? [])
    .join('-')
    .replace(/^[0-9-]+/, '')
    .slice(0, longest)
  return form.test(joined) ? joined : 'my-app'
}
