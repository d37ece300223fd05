import { usageError } from '../errors.ts'

const longest = 63
const form = /^[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*$/
const forbidden = new Set(['node_modules', 'favicon.ico'])

/** A name that npm, Docker and Kubernetes take alike, or a usage error. */
export function packageName(name: string): string {
  if (form.test(name) && name.length <= longest && !forbidden.has(name)) return name
  throw usageError(
    `${JSON.stringify(name)} cannot be the name of a service.`,
    `Use --name with at most ${longest} lower-case letters, digits and single hyphens, for example --name ${suggestion(name)}.`,
  )
}

function suggestion(name: string): string {
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
