import { usageError } from '../../errors.ts'

/** Longer ones would not fit into a line of the produced files. */
const longest = 80

const fixed = /^[A-Za-z0-9._~@-]+$/
const parameter = /^:[A-Za-z][A-Za-z0-9_]*$/

/**
 * The path under which routes are mounted: `/webhooks`, `/orgs/:org/webhooks`. A slash at its end
 * is left out.
 * @throws {UserError} when it is no such path
 */
export function parsePrefix(text: string): string {
  const fault = faultOf(text)
  if (fault === undefined) return text.replace(/\/$/, '')
  throw usageError(
    `${JSON.stringify(text)} cannot be a prefix: ${fault}.`,
    'Write it as in --prefix /webhooks or --prefix /orgs/:org/webhooks.',
  )
}

function faultOf(text: string): string | undefined {
  if (!text.startsWith('/')) return 'it does not begin with a slash'
  if (text === '/') return 'routes need a path of their own'
  if (text.includes('//')) return 'it holds an empty segment'
  if (text.length > longest) return `it has more than ${longest} characters`
  const segments = text.replace(/\/$/, '').slice(1).split('/')
  const odd = segments.find((segment) => !isSegment(segment))
  if (odd !== undefined) return `${JSON.stringify(odd)} is no segment of a path`
  const parameters = segments.filter((segment) => segment.startsWith(':'))
  const twice = parameters.find((name, index) => parameters.indexOf(name) !== index)
  return twice === undefined ? undefined : `it holds ${twice} twice`
}

function isSegment(text: string): boolean {
  if (text === '.' || text === '..') return false
  return fixed.test(text) || parameter.test(text)
}

/** The prefix as a request may have it, with a value for each parameter. */
export function samplePath(prefix: string): string {
  return prefix.replace(/:\w+/g, '1')
}
