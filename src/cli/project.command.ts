import { Command } from 'commander'
import type { Io } from '../model/io.ts'
import type { Run } from './run.ts'

/** The groups of a project's own command line. This program only passes them on. */
const groups = [
  ['config', 'configuration of the service'],
  ['db', 'database of the service: migrate, rollback, status, check, seed'],
  ['monitor', 'what the service does, with the feature rate-limit: rate-limits'],
  ['users', 'accounts of the service, with the feature auth: create, list, disable, roles'],
] as const

export function projectCommands(run: Run): readonly Command[] {
  return groups.map(([name, summary]) => {
    const command = new Command(name)
    return command
      .description(`${summary} (the project's own command)`)
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
