import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { createdService } from './support/service.ts'
import { type Tree, treeOf } from './support/tree.ts'

/*
 * Dashboards and rules of others depend on the names of metrics, labels and alerts, so one that goes
 * is announced. `telemetry.txt` has every name that ever was: nothing is taken out of it.
 * UPDATE_TELEMETRY=1 adds what is new.
 */

const repository = join(import.meta.dirname, '..')
const recordPath = join(import.meta.dirname, 'fixtures/telemetry.txt')

/** Every name: `alert ServiceDown`, `metric errors_total`, `metric errors_total error_type`. */
function namesIn(tree: Tree): string[] {
  const alerts = Object.entries(tree)
    .filter(([path]) => path.startsWith('deployment/prometheus/alerts/'))
    .flatMap(([, text]) => (parse(text) as RuleFile).groups.flatMap(({ rules }) => rules))
    .flatMap(({ alert }) => (alert === undefined ? [] : [`alert ${alert}`]))
  const rows = tree['docs/metrics.md']?.matchAll(/^\| `(\w+)` \| \w+ \| (.*?) \|/gm) ?? []
  const metrics = [...rows].flatMap(([, name, labels = '']) => [
    `metric ${name}`,
    ...[...labels.matchAll(/`(\w+)`/g)].map(([, label]) => `metric ${name} ${label}`),
  ])
  return [...alerts, ...metrics].sort()
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string }[] }[]
}

/** The changes that are announced: of released versions, and of the next one. */
function announcements(): string[] {
  const changesets = readdirSync(join(repository, '.changeset')).map((it) => `.changeset/${it}`)
  return [...changesets, 'CHANGELOG.md']
    .map((path) => join(repository, path))
    .filter((path) => path.endsWith('.md') && existsSync(path))
    .map((path) => readFileSync(path, 'utf8'))
}

/** Those of the names that are gone although no text has all words of theirs. */
function unannounced(record: readonly string[], names: readonly string[], texts: string[]) {
  const gone = record.filter((name) => !names.includes(name))
  const words = (name: string) => name.split(' ').slice(1)
  return gone.filter((name) => !texts.some((it) => words(name).every((word) => it.includes(word))))
}

it('a metric, label or alert that is renamed or removed is announced in a changeset', async () => {
  const names = namesIn(treeOf(await createdService()))
  expect(names.length).toBeGreaterThan(150)
  let record = readFileSync(recordPath, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  if (process.env.UPDATE_TELEMETRY === '1') {
    record = [...new Set([...record, ...names])].sort()
    writeFileSync(recordPath, `${record.join('\n')}\n`)
  }
  const unrecorded = names.filter((name) => !record.includes(name))
  expect(unrecorded, 'new; record them with UPDATE_TELEMETRY=1').toEqual([])
  expect(unannounced(record, names, announcements()), 'gone without a changeset').toEqual([])
})

it('an announcement has the name of the metric and of the label', () => {
  const record = ['alert Down', 'metric errors_total', 'metric errors_total kind']
  expect(unannounced(record, record, [])).toEqual([])
  expect(unannounced(record, ['alert Down'], [])).toEqual(record.slice(1))
  expect(unannounced(record, record.slice(0, 2), ['`errors_total` has changed.'])).toEqual([
    'metric errors_total kind',
  ])
  expect(unannounced(record, record.slice(0, 2), ['`errors_total` has no `kind`.'])).toEqual([])
})
