import { UserError } from '../errors.ts'
import { packageManagers } from '../model/project.ts'

/** A program that is nowhere. */
export function notInstalled(program: string, install = 'npm install'): UserError {
  return new UserError({
    code: 'NOT_INSTALLED',
    message: `${program} is not installed here.`,
    hint: packageManagers.some((manager) => manager === program)
      ? `Get it, for example with: npm install -g ${program}`
      : `Install the dependencies of the project: ${install}`,
  })
}

/** A program that is there, and does not start. */
export function notStarted(program: string, code: string): UserError {
  return new UserError({
    code: 'NOT_STARTED',
    message: `${program} cannot be started (${code}).`,
    hint: 'Look at its file: whether it is a program, and whether you may run it.',
  })
}
