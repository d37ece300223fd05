import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import type { Command } from '../model/plan.ts'
import { packageManagers } from '../model/project.ts'
import { packageManagerOf } from '../project/package.ts'
import { exists, namesIn } from '../system/files.ts'
import { notInstalled } from '../system/not-started.ts'

/** Programs that a project does not bring itself. */
const everywhere: readonly string[] = ['node', ...packageManagers]

/** The command, if its program is installed in the project or above it; nothing else is run. */
export function installed(command: Command): Command {
  const { program, cwd } = command
  if (everywhere.includes(program) || isInstalled(cwd, program)) return command
  throw plugAndPlay(cwd) ?? notInstalled(program, `${packageManagerOf(cwd)} install`)
}

function isInstalled(folder: string, program: string): boolean {
  return binFolders(folder).some((bin) => exists(join(bin, program)))
}

/** The programs that the packages of a project bring, and those of the folders above it. */
export function installedPrograms(folder: string): readonly string[] {
  return [...new Set(binFolders(folder).flatMap(namesIn))]
}

function binFolders(folder: string): readonly string[] {
  return foldersUpFrom(folder).map((one) => join(one, 'node_modules/.bin'))
}

function foldersUpFrom(folder: string): readonly string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...foldersUpFrom(above)]
}

/** What to say where Yarn keeps packages in archives, in which there are no programs to start. */
export function plugAndPlay(folder: string): UserError | undefined {
  if (!foldersUpFrom(folder).some((one) => exists(join(one, '.pnp.cjs')))) return undefined
  return new UserError({
    code: 'NOT_INSTALLED',
    message: "Yarn's Plug'n'Play isn't supported: programs have to be in node_modules/.bin.",
    hint: 'Set nodeLinker: node-modules in .yarnrc.yml, then run: yarn install',
  })
}
