import type { Command } from 'commander'
import { type CliContext, exits } from '../cli/command.ts'

/** Adds `cache`. */
export function cacheCommands(program: Command, { io }: CliContext): void {
  program
    .command('cache')
    .description('look into the cache')
    .command('info')
    .description('show the store and its entries')
    .action(
      exits(async () => {
        io.stdout.write('')
        return 0
      }),
    )
}
