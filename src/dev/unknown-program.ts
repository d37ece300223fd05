import { UserError } from '../errors.ts'
import type { Command } from '../model/plan.ts'
import { nearest } from '../options/nearest.ts'
import { packageAt, packageManagerOf } from '../project/package.ts'
import { installedPrograms, plugAndPlay } from './installed.ts'

/** What to say of a program that is nowhere: a script of that name, or one that was probably meant. */
export function unknownProgram(error: unknown, { program, cwd }: Command, root: string): unknown {
  if (!(error instanceof UserError) || error.code !== 'NOT_INSTALLED') return error
  const unsupported = plugAndPlay(cwd)
  if (unsupported !== undefined) return unsupported
  return new UserError({
    code: 'NO_PROGRAM',
    message: `${program} was found neither in node_modules/.bin nor on the PATH.`,
    hint: hintFor(program, cwd, root),
  })
}

function hintFor(program: string, cwd: string, root: string): string {
  const manager = packageManagerOf(root)
  if (packageAt(root)?.scripts?.[program] !== undefined) {
    return `There's a script of that name: ${manager} run ${program}`
  }
  const programs = installedPrograms(cwd)
  const near = nearest(program, programs, 2)
  if (near !== undefined) return `Did you mean: create-service dev run ${near}`
  return programs.length === 0
    ? `Nothing is installed yet: ${manager} install`
    : 'Install the package that provides it, or give its path.'
}
