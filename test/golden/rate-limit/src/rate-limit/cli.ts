import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CliContext } from '../cli/command.ts'
import { type ExitCode, exits } from '../cli/command.ts'
import { createRedis, redisAddress } from '../redis/connection.ts'
import { RedisRefusals } from './redis-refusals.ts'
import { type Dimension, dimensions, keptHours, keptNames, type Tally } from './refusals.ts'

interface Options {
  top: number
  by: Dimension
  hours: number
  json?: true
}

/** `monitor rate-limits`. */
export function monitorCommands(program: Command, context: CliContext): void {
  const group = program.command('monitor').description('look at what the service does')
  group
    .command('rate-limits')
    .description('list what was refused most; needs REDIS_URL')
    .option('--top <n>', 'how many', upTo(keptNames), 20)
    .addOption(
      new Option('--by <what>', 'what to count by').choices([...dimensions]).default('client'),
    )
    .option('--hours <n>', 'how many hours, with the present one', upTo(keptHours), 2)
    .option('--json', 'print JSON')
    .action(exits((options: Options) => rateLimits(context, options)))
}

async function rateLimits({ io, config }: CliContext, options: Options): Promise<ExitCode> {
  const { redis, server } = config()
  const { top, by, hours, json } = options
  if (redis.url === undefined) {
    io.stderr.write(
      'Without REDIS_URL each process of the service keeps these counts in its memory, out of reach\n' +
        `of a command. Set REDIS_URL, or ask the service: GET ${server.apiPrefix}/rate-limits?by=${by}\n`,
    )
    return 1
  }
  let reason = ''
  const onLost = (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error)
  }
  const client = createRedis(redis.url, redis, { onLost, onReady: () => {} })
  try {
    await client.connect()
    const tallies = await new RedisRefusals(client).top(by, top, hours)
    const result = { by, hours, data: tallies }
    io.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : table(by, tallies))
    return 0
  } catch (error) {
    io.stderr.write(`Redis ${redisAddress(redis.url)} cannot be used: ${reason || error}\n`)
    return 1
  } finally {
    client.disconnect()
  }
}

function table(by: Dimension, tallies: readonly Tally[]): string {
  if (tallies.length === 0) return 'Nothing was refused.\n'
  // User agents are the words of strangers, and a terminal would obey control characters.
  const rows = tallies.map(
    ({ name, refused }) => `${String(refused).padStart(9)}  ${name.replaceAll(/\p{Cc}/gu, '?')}\n`,
  )
  return `  refused  ${by}\n${rows.join('')}`
}

function upTo(most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
    if (number >= 1 && number <= most) return number
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`)
  }
}
