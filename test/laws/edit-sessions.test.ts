import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Op } from '../../src/model/op.ts'
import { expectSession, Tally } from '../support/edit-checks.ts'
import { codeSession, otherSession } from '../support/edit-sessions.ts'
import { runs } from '../support/effort.ts'

/** How many of 100 sessions must apply and revoke an op, for the test to mean anything. */
const leastShare: { readonly [op in Op['op']]: number } = {
  ensureImport: 20,
  ensureStatement: 8,
  ensureListItem: 8,
  ensureProperty: 8,
  ensureExport: 2,
  ensureJson: 2,
  ensureJsonItems: 2,
  ensureYaml: 2,
  ensureEnv: 2,
  ensureMarkdown: 2,
}

/** What must have come up besides success in thousands of sessions. */
const refusals: readonly (readonly [Op['op'], string])[] = [
  ['ensureImport', 'NAME_TAKEN'],
  ['ensureImport', 'PARSE_ERROR'],
  ['ensureImport', 'CONFLICT_MARKERS'],
  ['ensureImport', 'left STILL_USED'],
  ['ensureImport', 'left USER_COMMENT'],
  ['ensureListItem', 'AMBIGUOUS'],
  ['ensureListItem', 'NOT_A_LITERAL'],
  ['ensureListItem', 'NO_ANCHOR'],
  ['ensureListItem', 'GENERATED_FILE'],
  ['ensureListItem', 'left DRIFT'],
  ['ensureListItem', 'left USER_COMMENT'],
  ['ensureProperty', 'GENERATED_FILE'],
  ['ensureProperty', 'left USER_COMMENT'],
  ['ensureStatement', 'left USER_COMMENT'],
]

test('edits and the user take turns, and only what is ours comes and goes', () => {
  const numRuns = runs('edits', { quick: 500, full: 5000 })
  const tally = new Tally()
  const sessions = fc.oneof(
    { weight: 2, arbitrary: codeSession },
    { weight: 1, arbitrary: otherSession },
  )
  try {
    fc.assert(
      fc.property(sessions, (session) => expectSession(session, tally)),
      { numRuns },
    )
  } finally {
    console.info(`edits: ${tally}`)
  }
  for (const [op, share] of Object.entries(leastShare) as [Op['op'], number][]) {
    expect(tally.count(op, 'applied'), op).toBeGreaterThan((numRuns * share) / 100)
    expect(tally.count(op, 'revoked'), op).toBeGreaterThan((numRuns * share) / 100)
  }
  if (numRuns < 5000) return
  for (const [op, code] of refusals) {
    expect(tally.count(op, code), `${op} ${code}`).toBeGreaterThan(0)
  }
})
