import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { applyOp, revokeOp } from '../../../src/edits/index.ts'
import type { Op } from '../../../src/model/op.ts'
import type { Refusal, RefusalCode } from '../../../src/model/refusal.ts'

/**
 * What `edit.json` of a case says. With a `chunk` the op is revoked, else it is applied; the
 * outcome is the file `output`, unless one of the last three is there.
 */
interface Case {
  readonly op: Op
  /** The name of the file, where that matters. */
  readonly path?: string
  readonly chunk?: string
  readonly refused?: RefusalCode
  readonly line?: number
  readonly candidates?: readonly string[]
  readonly present?: true | string
  readonly absent?: true
}

const root = new URL('../../edits/', import.meta.url)

function read(name: string) {
  const files = readdirSync(new URL(`${name}/`, root))
  const text = (stem: string) => {
    const file = files.find((candidate) => candidate.startsWith(`${stem}.`))
    return file && readFileSync(new URL(`${name}/${file}`, root), 'utf8')
  }
  const edit = JSON.parse(text('edit') ?? '{}') as Case
  const path = edit.path ?? files.find((file) => file.startsWith('input.')) ?? 'input'
  return { path, edit, input: text('input') ?? '', output: text('output') }
}

function expectHelpful(refusal: Refusal, path: string, edit: Case): void {
  const { refused, line, candidates } = edit
  expect(refusal.code).toBe(refused)
  expect(refusal).toMatchObject({
    file: path,
    message: expect.any(String),
    hint: expect.any(String),
  })
  expect(refusal.line).toBeGreaterThan(0)
  if (line !== undefined) expect(refusal.line).toBe(line)
  expect(refusal.snippet).toBeTruthy()
  if (candidates !== undefined) expect(refusal.candidates).toEqual(candidates)
}

function expectApplied(path: string, input: string, edit: Case, output: string | undefined): void {
  const result = applyOp(path, input, edit.op)
  if (result.state === 'refused') expectHelpful(result.refusal, path, edit)
  else if (result.state === 'present') expect(result.local ?? true).toBe(edit.present)
  else {
    expect(result.text).toBe(output)
    expect(result.text).toContain(result.chunk)
    expect(applyOp(path, result.text, edit.op)).toMatchObject({ state: 'present' })
    expect(revokeOp(path, result.text, edit.op, result.chunk)).toEqual({
      state: 'revoked',
      text: input,
    })
  }
}

function expectRevoked(path: string, input: string, edit: Case, output: string | undefined): void {
  const result = revokeOp(path, input, edit.op, edit.chunk ?? '')
  if (result.state === 'refused') expectHelpful(result.refusal, path, edit)
  else if (result.state === 'absent') expect(edit.absent).toBe(true)
  else {
    expect(result.text).toBe(output)
    expect(revokeOp(path, result.text, edit.op, edit.chunk ?? '')).toEqual({ state: 'absent' })
  }
}

const cases = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())

describe('edit cases', () => {
  test.each(cases.map(({ name }) => name))('%s', (name) => {
    const { path, edit, input, output } = read(name)
    const outcomes = [output, edit.refused, edit.present, edit.absent]
    expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1)
    const expectOutcome = edit.chunk === undefined ? expectApplied : expectRevoked
    expectOutcome(path, input, edit, output)
  })
})
