/** The command lines of these tests, and what they have to come to. */
export const router = ['generate', 'router', 'webhooks', '--prefix', '/webhooks']
// Packages are put in place by the tests themselves.
export const middleware = ['generate', 'middleware', 'audit_log', '--no-install']

/** The one question that is answered only afterwards. */
export const health = 'GET /webhooks/health'

/** What `{name}` and `{file}` stand for. */
export const made = [
  { name: 'auditLog', file: 'plugins/audit-log' },
  { name: 'webhooks', file: 'routes/webhooks' },
]

export type Made = (typeof made)[number]

/** A text about one of them. */
export function about({ name, file }: Made, text: string): string {
  return text.replace('{name}', name).replace('{file}', file)
}
