import { Command } from 'commander'
import type { Cleaned, Leftovers } from '../../dev/clean/clean.ts'
import { exitCodes } from '../../errors.ts'
import type { Io } from '../../model/io.ts'
import { withOutputFlags } from '../global-flags.ts'
import type { Run } from '../run.ts'
import type { Session } from '../session.ts'

export function cleanCommand(run: Run): Command {
  const command = new Command('clean')
    .description('remove what builds, tests and tools leave; in a repository only what git ignores')
    .option('--dry-run', 'only list what would be removed')
  return withOutputFlags(command).action(
    run(async (io: Io) => {
      const [{ enterProject }, { findLeftovers, removeLeftovers }] = await Promise.all([
        import('../workplace.ts'),
        import('../../dev/clean/clean.ts'),
      ])
      const { session, project } = await enterProject(command, io)
      const leftovers = await findLeftovers(project.root)
      const isDry = session.settings.until !== 'end'
      const cleaned = isDry ? undefined : await removeLeftovers(project.root, leftovers.found)
      if (session.json) io.out(`${JSON.stringify(documentOf(leftovers, cleaned), null, 2)}\n`)
      else print(session, leftovers, cleaned)
      return cleaned === undefined || cleaned.failed.length === 0
        ? exitCodes.done
        : exitCodes.failed
    }),
  )
}

function print({ io, quiet, colors }: Session, { found, kept }: Leftovers, cleaned?: Cleaned) {
  const { removed, failed } = cleaned ?? { removed: found, failed: [] }
  const word = cleaned === undefined ? 'would remove' : 'removed'
  const out = (line: string) => {
    if (!quiet) io.out(`${line}\n`)
  }
  for (const { path, kind, bytes } of removed) {
    const what = kind === 'link' ? 'the link alone' : sizeText(bytes)
    out(`${colors.out.red(word)} ${path}${kind === 'folder' ? '/' : ''}  ${colors.out.dim(what)}`)
  }
  for (const { path, reason } of kept) {
    if (!quiet) io.err(`${colors.err.yellow(`! ${path} stays: ${reason}`)}\n`)
  }
  for (const { path, message } of failed) {
    io.err(`${colors.err.red('error')} ${path} cannot be removed: ${message}\n`)
  }
  if (failed.length > 0) {
    io.err(`${colors.err.cyan('Look who owns it, and whether a program still uses it.')}\n`)
  }
  out(summaryOf(found, removed, cleaned === undefined))
}

function summaryOf(found: Leftovers['found'], removed: Leftovers['found'], isDry: boolean): string {
  if (found.length === 0) return 'Nothing to remove.'
  const bytes = removed.reduce((sum, one) => sum + one.bytes, 0)
  const total = `${removed.length} ${removed.length === 1 ? 'path' : 'paths'}, ${sizeText(bytes)}`
  return isDry ? `${total}. Nothing was removed.` : `Removed ${total}.`
}

const units = ['kB', 'MB', 'GB', 'TB']

/** 999 bytes, 1.2 kB, 34 MB. */
function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length)
  const number = bytes / 1000 ** power
  return `${number.toFixed(number < 10 ? 1 : 0)} ${units[power - 1]}`
}

/** The one shape of every command that changes files, with the size of each. */
function documentOf({ found, kept }: Leftovers, cleaned?: Cleaned) {
  const { removed, failed } = cleaned ?? { removed: found, failed: [] }
  return {
    command: 'dev clean',
    outcome: outcomeOf(found, cleaned),
    changes: removed.map(({ path, kind, bytes }) => ({ path, kind: 'delete', what: kind, bytes })),
    refusals: failed.map(({ path, message }) => ({
      code: 'CANNOT_REMOVE',
      file: path,
      message,
      hint: 'Look who owns it, and whether a program still uses it.',
    })),
    warnings: kept.map(({ path, reason }) => `${path} stays: ${reason}`),
    followUps: [],
    next: [],
  }
}

function outcomeOf(found: Leftovers['found'], cleaned?: Cleaned) {
  if (found.length === 0) return 'present'
  if (cleaned === undefined) return 'planned'
  return cleaned.failed.length > 0 ? 'failed' : 'applied'
}
