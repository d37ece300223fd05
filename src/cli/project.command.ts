import { Command } from 'commander'
import type { Io } from '../model/io.ts'
import type { Run } from './run.ts'

/** The groups of a project's own command line. This program only passes them on. */
const groups = [
  ['config', 'show and check its configuration'],
  ['db', 'migrate, roll back, check and seed its database'],
  ['monitor', 'see what was refused most (needs the feature rate-limit)'],
  ['users', 'manage its accounts (needs the feature auth)'],
] as const

export function projectCommands(run: Run): readonly Command[] {
  return groups.map(([name, summary]) => {
    const command = new Command(name)
    return command
      .description(summary)
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
