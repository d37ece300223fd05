import type { Command } from 'commander'

/** Adds the flags of every command; they may come before or after its name. */
export function withOutputFlags(command: Command): Command {
  return command
    .option('--cwd <dir>', 'work in this folder')
    .option('--json', 'one JSON document on stdout')
    .option('-q, --quiet', 'print errors only')
    .option('--debug', 'print the stack of an error')
    .option('--no-color', 'print no colours')
}

/** Adds the flags of every command that changes files. */
export function withChangeFlags(
  command: Command,
  force = 'also replace files that were edited or not generated',
): Command {
  return withOutputFlags(command)
    .option('--dry-run', 'print the plan and its diff; write nothing')
    .option('--check', 'write nothing; exit 1 if anything would change, 3 if refused')
    .option('-y, --yes', 'ask nothing; use the defaults')
    .option('-f, --force', force)
}
