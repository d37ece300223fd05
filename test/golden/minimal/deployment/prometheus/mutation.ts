/*
 * Breaks each alert in small ways and runs its tests: `npm run alerts:mutate`. A mutant that no test
 * notices (a survivor) means that the alert could be wrong without anyone finding out. Needs promtool.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'

/** Percentage of mutants that the tests must notice. */
const requiredScore = 98

interface Rule {
  alert?: string
  expr: string
  for?: string
}

interface RuleFile {
  groups: { name: string; rules: Rule[] }[]
}

interface TestFile {
  tests: { alert_rule_test?: { alertname: string }[] }[]
}

interface Mutant {
  file: string
  alert: string
  change: string
  rules: RuleFile
}

const flipped: Record<string, string> = { '>': '<', '<': '>', '==': '!=', '!=': '==' }

/** Label matchers and lists of labels, in which nothing is changed. */
const labels = /\{[^}]*\}|\b(?:by|without|on|ignoring)\s*\([^)]*\)/g
const comparison = /(?<![<>=!])(>|<|==|!=)(?![=~])\s*(-?[\d.]+(?![\d.]*[a-z*]))?/g
const metric = /\b[a-z][a-z0-9]*[_:][a-z0-9_:]*\b(?!\s*\()|\bup\b/g

/** The expression with spaces where nothing may change, so that places in both are the same. */
function mutable(expr: string): string {
  return expr.replaceAll(labels, (text) => ' '.repeat(text.length))
}

function* changedExpressions(expr: string): Generator<[change: string, expr: string]> {
  const replaced = (at: number, length: number, text: string) =>
    expr.slice(0, at) + text + expr.slice(at + length)
  for (const match of mutable(expr).matchAll(comparison)) {
    const [whole, operator = '', threshold] = match
    yield [`${operator} flipped`, replaced(match.index, operator.length, flipped[operator] ?? '')]
    if (threshold === undefined || Number(threshold) === 0) continue
    const at = match.index + whole.length - threshold.length
    for (const factor of [100, 0.01]) {
      const changed = String(Number((Number(threshold) * factor).toPrecision(6)))
      yield [`threshold ${threshold} times ${factor}`, replaced(at, threshold.length, changed)]
    }
  }
  for (const match of mutable(expr).matchAll(metric)) {
    yield [`${match[0]} renamed`, replaced(match.index, match[0].length, `${match[0]}_gone`)]
  }
}

/** Every mutant of a rule file. */
function* mutants(file: string, text: string): Generator<Mutant> {
  const count = (parse(text) as RuleFile).groups.length
  for (let group = 0; group < count; group++) {
    const rules = (parse(text) as RuleFile).groups[group]?.rules ?? []
    for (const [index, rule] of rules.entries()) {
      if (rule.alert === undefined) continue
      const changes: [string, Partial<Rule>][] = [['for: 3h', { for: '3h' }]]
      for (const [change, expr] of changedExpressions(rule.expr)) changes.push([change, { expr }])
      for (const [change, values] of changes) {
        const changed = parse(text) as RuleFile
        Object.assign(changed.groups[group]?.rules[index] ?? {}, values)
        yield { file, alert: rule.alert, change, rules: changed }
      }
    }
  }
}

const run = promisify(execFile)

async function passes(folder: string, name: string): Promise<boolean> {
  try {
    await run('promtool', ['test', 'rules', name], { cwd: folder })
    return true
  } catch (error) {
    // Anything but a failed test is a fault of this run, and no news of the mutant.
    if ((error as { code?: unknown }).code !== 1) throw error
    return false
  }
}

/** Whether the tests of the alert pass although it is broken. */
async function survives({ file, alert, rules }: Mutant, folder: string): Promise<boolean> {
  const place = await mkdtemp(join(folder, 'mutant-'))
  const all: TestFile = parse(
    await readFile(join(tests, file.replace('.yml', '.test.yml')), 'utf8'),
  )
  const own = all.tests.filter((test) =>
    test.alert_rule_test?.some(({ alertname }) => alertname === alert),
  )
  await writeFile(join(place, file), stringify(rules))
  await writeFile(
    join(place, 'mutant.test.yml'),
    stringify({ ...all, rule_files: [file], tests: own }),
  )
  return passes(place, 'mutant.test.yml')
}

const alerts = join(import.meta.dirname, 'alerts')
const tests = join(import.meta.dirname, 'tests')
const folder = await mkdtemp(join(tmpdir(), 'alerts-'))
try {
  const survivors: Mutant[] = []
  const files = (await readdir(alerts)).filter((name) => name.endsWith('.yml'))
  const todo: Mutant[] = []
  for (const file of files) todo.push(...mutants(file, await readFile(join(alerts, file), 'utf8')))
  const total = todo.length
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let mutant = todo.shift(); mutant; mutant = todo.shift()) {
        if (await survives(mutant, folder)) survivors.push(mutant)
      }
    }),
  )
  for (const { file, alert, change } of survivors)
    console.log(`survived: ${file} ${alert}: ${change}`)
  const score = 100 - (100 * survivors.length) / total
  console.log(`${total - survivors.length} of ${total} mutants noticed (${score.toFixed(1)}%)`)
  if (!(score >= requiredScore)) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
