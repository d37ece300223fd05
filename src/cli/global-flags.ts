import type { Command } from 'commander'

/** Adds what every command takes, so that the flags may stand before and after its name. */
export function withOutputFlags(command: Command): Command {
  return command
    .option('--cwd <dir>', 'work in this folder')
    .option('--json', 'one JSON document on stdout')
    .option('-q, --quiet', 'say only what went wrong')
    .option('--debug', 'show where an error comes from')
    .option('--no-color', 'no colours')
}

/** Adds what every command takes that changes files. */
export function withChangeFlags(
  command: Command,
  force = 'also replace files that are not ours or were edited',
): Command {
  return withOutputFlags(command)
    .option('--dry-run', 'print the whole plan and its diff; write nothing')
    .option('--check', 'write nothing; exit 1 if there would be a change, 3 if refused')
    .option('-y, --yes', 'never ask')
    .option('-f, --force', force)
}
