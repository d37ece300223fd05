// usage: node counts.mjs <vitest's JSON report, may be empty> <exit code> [--no-skips] -> "passed failed"
// With --no-skips a skipped test counts as failed: every server that a test may want is there.
import { readFileSync } from 'node:fs'

const [, , file, exitCode, noSkips] = process.argv
const text = readFileSync(file, 'utf8')
const report = text === '' ? undefined : JSON.parse(text)
const isFine = exitCode === '0'
const passed = report?.numPassedTests ?? (isFine ? 1 : 0)
const failed = report?.numFailedTests ?? 0

const skipped = (report?.testResults ?? [])
  .flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ name, ...test })))
  .filter(({ status }) => status !== 'passed' && status !== 'failed')
for (const { name, fullName } of skipped) console.error(`skipped: ${name} > ${fullName}`)

const wrong = noSkips === '--no-skips' ? skipped.length : 0
console.log(`${passed} ${(isFine ? failed : Math.max(failed, 1)) + wrong}`)
