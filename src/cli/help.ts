import type { Command } from 'commander'
import { usageError } from '../errors.ts'
import { nearest } from '../options/nearest.ts'

/** The groups of the command list, in this order. */
export const groups = {
  start: 'Start and grow:',
  undo: 'Take back:',
  daily: 'Daily work:',
  service: "The service's own commands:",
} as const

/** Command lines that work as written, by the words of their command. */
const examples: Readonly<Record<string, readonly string[]>> = {
  '': ['create-service my-app', 'create-service my-app --yes --without docker,resilience --start'],
  features: ['create-service features', 'create-service features --json'],
  add: ['create-service add auth', 'create-service add docker rate-limit --dry-run'],
  generate: ['create-service generate resource Product name:string:120 price:decimal:10,2'],
  'generate resource': [
    'create-service generate resource Product name:string:120 price:decimal:10,2',
    'create-service generate resource Order status:enum:open,paid=open placedAt:timestamp:index=now',
    'create-service generate resource Article title:string body:text:optional --public',
  ],
  'generate router': ['create-service generate router webhooks --prefix /webhooks'],
  'generate middleware': ['create-service generate middleware audit_log --after errors'],
  'generate migration': ['create-service generate migration add_user_roles'],
  destroy: ['create-service destroy resource Product --dry-run'],
  'destroy resource': [
    'create-service destroy resource Product',
    'create-service destroy resource Product --keep',
  ],
  'destroy router': ['create-service destroy router webhooks'],
  'destroy middleware': ['create-service destroy middleware audit_log'],
  'destroy migration': ['create-service destroy migration add_user_roles'],
  undo: ['create-service undo', 'create-service undo --list'],
  status: ['create-service status', 'create-service status --check'],
  doctor: ['create-service doctor', 'create-service doctor --deploy --url https://api.example.com'],
  dev: ['create-service dev serve', 'create-service dev quality --fix'],
  'dev lint': ['create-service dev lint --fix', 'create-service dev lint src/app.ts'],
  'dev format': ['create-service dev format', 'create-service dev format --check'],
  'dev typecheck': ['create-service dev typecheck --strict'],
  'dev test': ['create-service dev test -m unit -k cursor', 'create-service dev test --coverage'],
  'dev quality': ['create-service dev quality', 'create-service dev quality --fix'],
  'dev serve': ['create-service dev serve -p 3000', 'create-service dev serve -w 4 --no-reload'],
  'dev clean': ['create-service dev clean --dry-run'],
  'dev deps': ['create-service dev deps'],
  'dev info': ['create-service dev info --all'],
  'dev run': ['create-service dev run vitest --version'],
}

/** The grammar of fields, for `generate resource --help`. */
const fields = `
Fields: name:type[:argument][:modifier...][=default]
  string, string:120      text, with a limit        text       text without one
  int, bigint, float      numbers                   boolean    true or false
  decimal:10,2            precision and scale       uuid       an id
  date, timestamp         2026-01-31, ISO 8601      json       any JSON value
  enum:draft,active       one of these values
  modifiers               optional, unique, index, array
  defaults                stock:int=0  active:boolean=true  seenAt:timestamp=now
`

/** Adds its examples to every command. The service's own groups have theirs. */
export function addExamples(program: Command): void {
  visit(program, [], (command, words) => {
    const lines = examples[words.join(' ')]
    if (lines === undefined) return
    if (words.join(' ') === 'generate resource') command.addHelpText('after', fields.trimEnd())
    const title = lines.length === 1 ? 'Example' : 'Examples'
    command.addHelpText('after', `\n${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`)
  })
}

function visit(
  command: Command,
  words: readonly string[],
  see: (command: Command, words: readonly string[]) => void,
): void {
  see(command, words)
  for (const sub of command.commands) visit(sub, [...words, sub.name()], see)
}

/**
 * `help generate resource` means `generate resource --help`.
 * @throws a usage error if a word isn't a command
 */
export function withHelpFlag(argv: readonly string[], program: Command): readonly string[] {
  if (argv[0] !== 'help') return argv
  const words = argv.slice(1).filter((word) => !word.startsWith('-'))
  let command = program
  for (const [at, word] of words.entries()) {
    const sub = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (sub === undefined) {
      // The service itself knows the commands of its groups.
      if (command !== program && command.commands.length === 0) break
      const path = ['create-service', ...words.slice(0, at)].join(' ')
      const near = nearest(
        word,
        command.commands.map((one) => one.name()),
      )
      throw usageError(
        `Unknown command: \`${path} ${word}\`.`,
        near === undefined ? `See ${path} --help.` : `Did you mean \`${path} ${near}\`?`,
      )
    }
    command = sub
  }
  return [...words, '--help']
}
