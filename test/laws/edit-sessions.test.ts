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
  ensureMarkdown: 100,
}

/** What must have come up beside success, for the test to mean anything. */
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
  const seed = Number(process.env.FC_SEED ?? Math.trunc(Math.random() * 2 ** 31))
  const tally = new Tally()
  const sessions = fc.oneof(
    { weight: 2, arbitrary: codeSession },
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
  for (const [op, code] of refusals) {
    expect(tally.count(op, code), `${op} ${code}`).toBeGreaterThan(0)
  }
}, 120_000)
