import { Command } from 'commander'
import type { Io } from '../model/io.ts'
import type { Run } from './run.ts'

/** Command groups of a service's CLI, with the feature that provides each. */
export const ownGroups = [
  { name: 'cache', summary: 'look into its cache, and empty it', feature: 'cache' },
  { name: 'config', summary: 'show and check its configuration', feature: '' },
  { name: 'db', summary: 'migrate, roll back, check and seed its database', feature: 'database' },
  { name: 'monitor', summary: 'show its requests, errors and load', feature: '' },
  { name: 'users', summary: 'manage its accounts', feature: 'auth' },
] as const

/** The commands that this program only passes on to the project's own command line. */
export function projectCommands(run: Run): readonly Command[] {
  return ownGroups.map(({ name, summary, feature }) => {
    const command = new Command(name)
    const needs = feature === '' ? '' : ` (needs the feature ${feature})`
    return command
      .description(`${summary}${needs}`)
      .argument('[args...]')
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .action(
        run(async (io: Io, args: string[]) => {
          const [{ enterService }, { projectCommand }, { installed }, { passThrough }] =
            await Promise.all([
              import('./workplace.ts'),
              import('../dev/project-command.ts'),
              import('../dev/installed.ts'),
              import('../system/exec.ts'),
            ])
          const { project } = await enterService(command, io)
          return passThrough(installed(projectCommand(project.root, [name, ...args])))
        }),
      )
  })
}
