import { UserError } from '../errors.ts'
import { packageManagers } from '../model/project.ts'

/** A program that is nowhere. */
export function notInstalled(program: string, install = 'npm install'): UserError {
  return new UserError({
    code: 'NOT_INSTALLED',
    message: `${program} isn't installed.`,
    hint: packageManagers.some((manager) => manager === program)
      ? `Install it, for example with: npm install -g ${program}`
      : `Install the project's dependencies: ${install}`,
  })
}

/** A program that is there, and does not start. */
export function notStarted(program: string, code: string): UserError {
  return new UserError({
    code: 'NOT_STARTED',
    message: `${program} can't be started (${code}).`,
    hint: 'Check that its file is a program and that you may run it.',
  })
}
