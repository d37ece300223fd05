import type { Command } from 'commander'
import type { CliContext } from '../cli/command.ts'
import { type ExitCode, exits } from '../cli/command.ts'
import { withDatabase } from '../db/cli.ts'
import type { Database } from '../db/client.ts'
import type { ListChanges, UserCommands } from './user-commands.ts'

interface Options {
  json?: true
  passwordStdin?: true
}
interface CreateOptions extends Options {
  role: string[]
  permission: string[]
  tier: string
}

const json = ['--json', 'print JSON'] as const
const stdin = ['--password-stdin', 'read the password from the standard input'] as const

/** `users create`, `list`, `disable`, `enable`, `set-password`, `revoke-keys`, `roles` and `permissions`. */
export function userCommands(program: Command, context: CliContext): void {
  const group = program.command('users').description('manage accounts')

  async function run(
    options: Options,
    work: (commands: UserCommands, password?: string) => Promise<ExitCode>,
  ): Promise<ExitCode> {
    const input = options.passwordStdin && ((await context.readInput?.()) ?? '')
    async function act({ db }: { db: Database }) {
      const { UserCommands } = await import('./user-commands.ts')
      const commands = new UserCommands(db, context, options.json === true)
      return work(commands, input?.replace(/\r?\n$/, ''))
    }
    return withDatabase(context, program, act, input)
  }

  group
    .command('create <email>')
    .description('make an account; a password that is not given is made up, and printed once')
    .option('--role <name...>', 'what it is; admin may do everything', [])
    .option('--permission <name...>', 'what it may do', [])
    .option('--tier <name>', 'its plan', 'standard')
    .option(...stdin)
    .option(...json)
    .action(
      exits((email: string, options: CreateOptions) => {
        const { role: roles, permission: permissions, tier } = options
        return run(options, (commands, password) =>
          commands.create(email, { roles, permissions, tier }, password),
        )
      }),
    )
  group
    .command('list')
    .description('list all accounts')
    .option(...json)
    .action(exits((options: Options) => run(options, (commands) => commands.list())))

  /** A command about one account, by its e-mail address or its id. */
  const about = (name: string, description: string) =>
    group
      .command(`${name} <user>`)
      .description(description)
      .option(...json)

  about('disable', 'let nobody in with this account, and end its logins').action(
    exits((user: string, options: Options) => run(options, (it) => it.disable(user))),
  )
  about('enable', 'let its user in again').action(
    exits((user: string, options: Options) => run(options, (it) => it.enable(user))),
  )
  about('set-password', 'set another password, made up if not given, and end its logins')
    .option(...stdin)
    .action(
      exits((user: string, options: Options) =>
        run(options, (it, password) => it.setPassword(user, password)),
      ),
    )
  about('revoke-keys', 'end all API keys of this account').action(
    exits((user: string, options: Options) => run(options, (it) => it.revokeKeys(user))),
  )
  for (const list of ['roles', 'permissions'] as const) {
    about(list, `add and remove ${list}, or only show them`)
      .option('--add <name...>', 'to add')
      .option('--remove <name...>', 'to remove')
      .action(
        exits((user: string, options: Options & ListChanges) =>
          run(options, (it) => it.change(user, list, options)),
        ),
      )
  }
}
