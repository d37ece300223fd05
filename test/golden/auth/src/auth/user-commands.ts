import { randomInt } from 'node:crypto'
import type { CliContext, ExitCode } from '../cli/command.ts'
import type { Database } from '../db/client.ts'
import { mapDatabaseError } from '../db/errors.ts'
import { changeAndEndLogins } from './account-changes.ts'
import { apiKeyRepository } from './api-key.repository.ts'
import { Passwords, passwordLength } from './passwords.ts'
import type { User } from './user.model.ts'
import { type UserRepository, userRepository } from './user.repository.ts'

/** What is added to a list of names, and taken from it. */
export interface ListChanges {
  add?: string[]
  remove?: string[]
}

/** Without letters and digits that look like others. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'

/** What the commands of the group `users` do. Errors are written for whoever typed the command. */
export class UserCommands {
  readonly #db: Database
  readonly #users: UserRepository
  readonly #context: CliContext
  readonly #json: boolean

  constructor(db: Database, context: CliContext, json: boolean) {
    this.#db = db
    this.#users = userRepository(db)
    this.#context = context
    this.#json = json
  }

  async create(
    email: string,
    values: { roles: string[]; permissions: string[]; tier: string },
    given?: string,
  ): Promise<ExitCode> {
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error(`${email} is no e-mail address.`)
    const { password, passwordHash } = await this.#password(given)
    const user = await this.#users.create({ ...values, email, passwordHash }).catch((error) => {
      throw mapDatabaseError(error)?.status === 409
        ? new Error(`There is an account ${email} already.`)
        : error
    })
    return this.#tell(user, given === undefined ? password : undefined)
  }

  async list(): Promise<ExitCode> {
    const users = await this.#users.list()
    if (this.#json) this.#print(JSON.stringify(users.map(shown), null, 2))
    else this.#print(users.map(line).join('\n') || 'There are no accounts.')
    return 0
  }

  /** Ends the logins, too, so that enabling it again brings none of them back. */
  async disable(name: string): Promise<ExitCode> {
    const { id } = await this.#find(name)
    return this.#tell(await this.#updateAndEnd(id, { disabledAt: new Date() }))
  }

  async enable(name: string): Promise<ExitCode> {
    const { id } = await this.#find(name)
    return this.#update(id, { disabledAt: null })
  }

  async setPassword(name: string, given?: string): Promise<ExitCode> {
    const { id } = await this.#find(name)
    const { password, passwordHash } = await this.#password(given)
    const user = await this.#updateAndEnd(id, { passwordHash })
    return this.#tell(user, given === undefined ? password : undefined)
  }

  /** Ends all API keys of an account, as after somebody else was in it. */
  async revokeKeys(name: string): Promise<ExitCode> {
    const { id } = await this.#find(name)
    const revoked = await apiKeyRepository(this.#db).removeAll(id)
    if (this.#json) this.#print(JSON.stringify({ id, revoked }))
    else this.#print(`${id}  API keys: ${revoked} revoked`)
    return 0
  }

  async change(
    name: string,
    list: 'roles' | 'permissions',
    { add = [], remove = [] }: ListChanges,
  ): Promise<ExitCode> {
    const user = await this.#find(name)
    const names = new Set([...user[list], ...add])
    for (const one of remove) names.delete(one)
    return this.#update(user.id, { [list]: [...names].sort() })
  }

  async #find(name: string): Promise<User> {
    const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)
    const user = isId ? await this.#users.get(name) : await this.#users.byEmail(name)
    if (user === undefined) throw new Error(`There is no account ${name}.`)
    return user
  }

  async #update(id: string, values: Partial<User>): Promise<ExitCode> {
    return this.#tell(await this.#users.update(id, values))
  }

  #updateAndEnd(id: string, values: Partial<User>): Promise<User | undefined> {
    return changeAndEndLogins(this.#db, (users) => users.update(id, values))
  }

  async #password(given: string | undefined) {
    const password = given ?? madeUp()
    const { minLength, maxLength } = passwordLength
    if (password.length < minLength || password.length > maxLength) {
      throw new Error(`A password has ${minLength} to ${maxLength} characters.`)
    }
    const passwords = new Passwords(this.#context.config().auth)
    return { password, passwordHash: await passwords.hash(password) }
  }

  #tell(user: User | undefined, password?: string): ExitCode {
    if (user === undefined) throw new Error('The account has just been removed.')
    if (this.#json) this.#print(JSON.stringify({ ...shown(user), ...(password && { password }) }))
    else {
      this.#print(line(user))
      if (password) this.#print(`Password, shown once: ${password}`)
    }
    return 0
  }

  #print(text: string): void {
    this.#context.io.stdout.write(`${text}\n`)
  }
}

function shown(user: User) {
  const { id, email, issuer, subject, roles, permissions, tier, disabledAt, createdAt } = user
  return { id, email, issuer, subject, roles, permissions, tier, disabledAt, createdAt }
}

function line({ id, email, issuer, subject, roles, permissions, disabledAt }: User): string {
  const name = email ?? `${subject} of ${issuer}`
  const rights = [...roles, ...permissions].join(',') || '-'
  return `${id}  ${name}  ${rights}${disabledAt === null ? '' : '  disabled'}`
}

/** 116 bits. */
function madeUp(): string {
  return Array.from({ length: 20 }, () => letters.charAt(randomInt(letters.length))).join('')
}
