import { Command, type ParseOptionsResult } from 'commander'
import { withOutputFlags } from '../global-flags.ts'

/** A command that runs a tool of the project. */
export class ToolCommand extends Command {
  /** The arguments after `--`, which are the tool's. */
  readonly rest: string[] = []

  constructor(name: string) {
    super(name)
    withOutputFlags(this)
  }

  override parseOptions(argv: string[]): ParseOptionsResult {
    const end = argv.indexOf('--')
    if (end === -1) return super.parseOptions(argv)
    this.rest.push(...argv.slice(end + 1))
    return super.parseOptions(argv.slice(0, end))
  }
}
