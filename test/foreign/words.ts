import { type Tree, timesOf, treeOf } from '../support/tree.ts'

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

/** A project without the history of runs, which stays on the machine. */
export function stateOf(root: string): Tree {
  const isState = ([path]: [string, string]) => !path.includes('.create-service/history/')
  return Object.fromEntries(Object.entries(treeOf(root)).filter(isState))
}

/** Everything that a command without effect has to leave alone. */
export function snapshotOf(root: string) {
  return { tree: treeOf(root), times: timesOf(root) }
}
