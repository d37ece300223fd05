import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Op } from '../../src/model/op.ts'
import { expectSession, Tally } from '../support/edit-checks.ts'
import { codeSession, otherSession } from '../support/edit-sessions.ts'

const runs = 5000
const enough: { readonly [op in Op['op']]: number } = {
  ensureImport: 1000,
  ensureStatement: 400,
  ensureListItem: 400,
  ensureProperty: 400,
  ensureExport: 100,
  ensureJson: 100,
  ensureYaml: 100,
  ensureEnv: 100,
}

test('edits and the user take turns, and only what is ours comes and goes', () => {
  const seed = Number(process.env.FC_SEED ?? Math.trunc(Math.random() * 2 ** 31))
  const tally = new Tally()
  const sessions = fc.oneof(
    { weight: 3, arbitrary: codeSession },
    { weight: 1, arbitrary: otherSession },
  )
  try {
    fc.assert(
      fc.property(sessions, (session) => expectSession(session, tally)),
      { seed, numRuns: runs },
    )
  } finally {
    console.info(`edits: FC_SEED=${seed}, ${runs} runs: ${tally}`)
  }
  for (const [op, count] of Object.entries(enough) as [Op['op'], number][]) {
    expect(tally.count(op, 'applied'), op).toBeGreaterThan(count)
    expect(tally.count(op, 'revoked'), op).toBeGreaterThan(count)
  }
}, 120_000)
