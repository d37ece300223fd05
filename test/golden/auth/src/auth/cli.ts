import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import type { CliContext } from '../cli/command.ts'
import { withDatabase } from '../db/cli.ts'
import type { DatabaseClient } from '../db/client.ts'
import type { User } from './auth.model.ts'
import { passwordHasher, passwordLength } from './passwords.ts'
import { defaultRoles } from './roles.ts'
import { type NewUser, type UserRepository, userRepository } from './users.ts'

interface Options {
  json?: true
  passwordStdin?: true
  /** The password from the standard input. */
  password?: string | undefined
  role: string[]
  permission: string[]
  tier: string
  add?: string[]
  remove?: string[]
}

/** An account to print, with a password that is shown once. */
type Shown = User & { password?: string | undefined }

/** What a command does; `name` is its argument. */
type Work = (users: UserRepository, name: string, options: Options) => Promise<Shown | Shown[]>
type Change = (user: User, options: Options) => NewUser

const stdin = ['--password-stdin', 'read the password from the standard input'] as const

/** `users create`, `list`, `disable`, `enable`, `set-password`, `roles` and `permissions`. */
export function userCommands(program: Command, context: CliContext): void {
  const group = program.command('users').description('manage accounts')

  function command(usage: string, description: string, work: Work): Command {
    async function action(name: string, options: Options): Promise<void> {
      const input = options.passwordStdin && ((await context.readInput?.()) ?? '')
      const run = async ({ db }: DatabaseClient) => {
        const password = input?.replace(/\r?\n$/, '')
        const accounts = await work(userRepository(db), name, { ...options, password })
        const text = options.json
          ? JSON.stringify(accounts, withoutHash, 2)
          : [accounts].flat().map(describe).join('\n') || 'There are no accounts.'
        context.io.stdout.write(`${text}\n`)
      }
      await withDatabase(context, program, run, input)
    }
    const added = group.command(usage).description(description)
    return added.option('--json', 'print JSON').action(action)
  }

  const update = (usage: string, description: string, change: Change) =>
    command(usage, description, async (users, name, options) => {
      const user = await find(users, name)
      return users.update(user.id, change(user, options))
    })

  command(
    'create <email>',
    'create an account; without a password, one is made up and shown once',
    async (users, email, options) => {
      if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error(`${email} isn't an e-mail address.`)
      const { role: roles, permission: permissions, tier } = options
      if (await users.byEmail(email)) throw new Error(`There is already an account ${email}.`)
      const { passwordHash, password } = await newPassword(options)
      const values = { email, roles, permissions, tier, passwordHash }
      return { ...(await users.create(values)), password }
    },
  )
    .option('--role <name...>', 'its roles; admin may do everything', defaultRoles)
    .option('--permission <name...>', 'its permissions beside those of its roles', [])
    .option('--tier <name>', 'its plan for rate limits', 'standard')
    .option(...stdin)
  command('list [user]', 'list all accounts, or one', async (users, name) =>
    name ? find(users, name) : users.all(),
  )
  update('disable <user>', 'deactivate an account: its sessions and API keys end', () => ({
    disabledAt: new Date(),
  }))
  update('enable <user>', 'activate an account again', () => ({ disabledAt: null }))
  command(
    'set-password <user>',
    'set a password, made up if not given, and end the sessions',
    async (users, name, options) => {
      const { id } = await find(users, name)
      const { passwordHash, password } = await newPassword(options)
      return { ...(await users.update(id, { passwordHash })), password }
    },
  ).option(...stdin)
  for (const list of ['roles', 'permissions'] as const) {
    const description = `add and remove ${list}, or only show them`
    update(`${list} <user>`, description, (user, { add = [], remove = [] }) => {
      const names = new Set([...user[list], ...add])
      return { [list]: [...names].filter((name) => !remove.includes(name)).sort() }
    })
      .option('--add <name...>', 'to add')
      .option('--remove <name...>', 'to remove')
  }
}

const withoutHash = (key: string, value: unknown) => (key === 'passwordHash' ? undefined : value)

/** A hash of the password that was given, or else of a random one, which is returned too. */
async function newPassword({ password: given }: Options) {
  const password = given ?? randomBytes(15).toString('base64url')
  const { minLength, maxLength } = passwordLength
  if (password.length < minLength || password.length > maxLength) {
    throw new Error(`A password has ${minLength} to ${maxLength} characters.`)
  }
  const passwordHash = await passwordHasher().hash(password)
  return { passwordHash, password: given === undefined ? password : undefined }
}

async function find(users: UserRepository, name: string): Promise<User> {
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)
  const user = isId ? await users.get(name) : await users.byEmail(name)
  if (user === undefined) throw new Error(`There is no account ${name}.`)
  return user
}

function describe({ password, ...user }: Shown): string {
  const name = user.email ?? `${user.subject} of ${user.issuer}`
  const rights = [...user.roles, ...user.permissions].join(',') || '-'
  const line = [user.id, name, rights, ...(user.disabledAt ? ['disabled'] : [])].join('  ')
  return password === undefined ? line : `${line}\nPassword, shown once: ${password}`
}
