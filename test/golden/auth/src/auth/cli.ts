import { randomInt } from 'node:crypto'
import type { Command } from 'commander'
import { type CliContext, type ExitCode, exits } from '../cli/command.ts'
import { withDatabase } from '../db/cli.ts'
import { mapDatabaseError } from '../db/errors.ts'
import type { User } from './auth.model.ts'
import { type PasswordCost, Passwords, passwordLength } from './passwords.ts'
import { defaultRoles } from './roles.ts'
import { type UserRepository, userRepository } from './users.ts'

declare module '../cli/command.ts' {
  interface CliContext {
    /** Cheaper password hashes, for tests. */
    passwordCost?: PasswordCost
  }
}

interface Options {
  json?: true
  passwordStdin?: true
}

/** An account to print, with what only this command knows. */
type Shown = User & { password?: string | undefined; revokedKeys?: number }

/** Letters and digits that can't be taken for each other: 20 of them are 116 random bits. */
const passwordAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'

/** `users create`, `list`, `disable`, `enable`, `set-password`, `revoke-keys`, `roles` and `permissions`. */
export function userCommands(program: Command, context: CliContext): void {
  const group = program.command('users').description('manage accounts')

  function command(name: string, description: string): Command {
    return group.command(name).description(description).option('--json', 'print JSON')
  }

  async function run(
    { json, passwordStdin }: Options,
    work: (users: UserRepository, input?: string) => Promise<Shown | Shown[] | undefined>,
  ): Promise<ExitCode> {
    const input = passwordStdin && ((await context.readInput?.()) ?? '')
    const print = (text: string) => context.io.stdout.write(`${text}\n`)
    return withDatabase(
      context,
      program,
      async ({ db }) => {
        const result = await work(userRepository(db), input?.replace(/\r?\n$/, ''))
        if (result === undefined) throw new Error('The account has just been deleted.')
        if (json) print(JSON.stringify(result, withoutHash, 2))
        else print([result].flat().map(describe).join('\n') || 'There are no accounts.')
        return 0
      },
      input,
    )
  }

  /** Adds a command for one account, named by its e-mail address or id. */
  function addCommand<O extends Options>(
    name: string,
    description: string,
    work: (
      user: User,
      users: UserRepository,
      options: O,
      input?: string,
    ) => Promise<Shown | undefined>,
  ): Command {
    const action = (named: string, options: O) =>
      run(options, async (users, input) => work(await find(users, named), users, options, input))
    return command(`${name} <user>`, description).action(exits(action))
  }

  async function newPassword(input: string | undefined) {
    const password = input ?? makeUpPassword()
    const { minLength, maxLength } = passwordLength
    if (password.length < minLength || password.length > maxLength) {
      throw new Error(`A password has ${minLength} to ${maxLength} characters.`)
    }
    const passwordHash = await new Passwords(context.passwordCost).hash(password)
    return { passwordHash, password: input === undefined ? password : undefined }
  }

  const stdin = ['--password-stdin', 'read the password from the standard input'] as const

  command('create <email>', 'create an account; without a password, one is made up and shown once')
    .option('--role <name...>', 'its roles; admin may do everything', defaultRoles)
    .option('--permission <name...>', 'its permissions beside those of its roles', [])
    .option('--tier <name>', 'its plan for rate limits', 'standard')
    .option(...stdin)
    .action(
      exits((email: string, { role: roles, permission: permissions, tier, ...options }) =>
        run(options, async (users, input) => {
          if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error(`${email} isn't an e-mail address.`)
          const { passwordHash, password } = await newPassword(input)
          const values = { email, roles, permissions, tier, passwordHash }
          const user = await users.create(values).catch((error) => {
            const isTaken = mapDatabaseError(error)?.status === 409
            throw isTaken ? new Error(`There is already an account ${email}.`) : error
          })
          return { ...user, password }
        }),
      ),
    )

  command('list', 'list all accounts').action(
    exits((options: Options) => run(options, (users) => users.all())),
  )
  addCommand('disable', 'deactivate an account: its sessions and API keys end', (user, users) =>
    users.update(user.id, { disabledAt: new Date() }),
  )
  addCommand('enable', 'activate an account again', (user, users) =>
    users.update(user.id, { disabledAt: null }),
  )
  addCommand('revoke-keys', 'revoke all API keys of an account', async (user, users) => ({
    ...user,
    revokedKeys: await users.revokeKeys(user.id),
  }))
  addCommand(
    'set-password',
    'set a password, made up if not given, and end the sessions',
    async (user, users, _options, input) => {
      const { passwordHash, password } = await newPassword(input)
      const changed = await users.update(user.id, { passwordHash })
      return changed && { ...changed, password }
    },
  ).option(...stdin)
  for (const list of ['roles', 'permissions'] as const) {
    addCommand<Options & { add?: string[]; remove?: string[] }>(
      list,
      `add and remove ${list}, or only show them`,
      (user, users, { add = [], remove = [] }) => {
        const names = new Set([...user[list], ...add])
        for (const name of remove) names.delete(name)
        return users.update(user.id, { [list]: [...names].sort() })
      },
    )
      .option('--add <name...>', 'to add')
      .option('--remove <name...>', 'to remove')
  }
}

async function find(users: UserRepository, named: string): Promise<User> {
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(named)
  const user = isId ? await users.get(named) : await users.byEmail(named)
  if (user === undefined) throw new Error(`There is no account ${named}.`)
  return user
}

function withoutHash(key: string, value: unknown): unknown {
  return key === 'passwordHash' ? undefined : value
}

function describe(user: Shown): string {
  const { id, email, issuer, subject, roles, permissions, disabledAt, password, revokedKeys } = user
  const name = email ?? `${subject} of ${issuer}`
  const rights = [...roles, ...permissions].join(',') || '-'
  const line = [id, name, rights, ...(disabledAt === null ? [] : ['disabled'])].join('  ')
  if (password !== undefined) return `${line}\nPassword, shown once: ${password}`
  return revokedKeys === undefined ? line : `${line}\nAPI keys revoked: ${revokedKeys}`
}

function makeUpPassword(): string {
  const letter = () => passwordAlphabet.charAt(randomInt(passwordAlphabet.length))
  return Array.from({ length: 20 }, letter).join('')
}
