import { once } from 'node:events'
import { type Command, Option } from 'commander'
import { type CliContext, exits, upTo } from '../cli/command.ts'
import { createRedis, redisAddress } from '../redis/connection.ts'
import { type Dimension, dimensions, maxHours, maxNames, Refusals, type Tally } from './refusals.ts'

type Options = { top: number; by: Dimension; hours: number; json?: true }

/** Adds `monitor rate-limits`. */
export function rateLimitCommands(program: Command, context: CliContext): void {
  program.commands
    .find((group) => group.name() === 'monitor')
    ?.command('rate-limits')
    .description('list what was refused most; needs REDIS_URL')
    .option('--top <n>', 'how many to list', upTo(maxNames), 20)
    .addOption(new Option('--by <what>', 'count by').choices(dimensions).default('client'))
    .option('--hours <n>', 'hours to add up, including the current one', upTo(maxHours), 2)
    .option('--json', 'print JSON')
    .action(exits((options: Options) => rateLimits(context, options)))
}

async function rateLimits({ io, config }: CliContext, { top, by, hours, json }: Options) {
  const { redis, server } = config()
  if (redis.url === undefined) {
    io.stderr.write(
      'Without REDIS_URL each process keeps its own counts. Set REDIS_URL, or ask the service:\n' +
        `GET ${server.apiPrefix}/rate-limits?by=${by}\n`,
    )
    return 1
  }
  const client = createRedis(redis.url, redis.keyPrefix)
  try {
    // The event `error` says why there is no connection; this promise doesn't.
    client.connect().catch(() => {})
    await once(client, 'ready')
    const data = await new Refusals(client).top(by, top, hours)
    io.stdout.write(json ? `${JSON.stringify({ by, hours, data }, null, 2)}\n` : table(by, data))
    return 0
  } catch (error) {
    io.stderr.write(`Redis ${redisAddress(client)} can't be used: ${error}\n`)
    return 1
  } finally {
    client.disconnect()
  }
}

function table(by: Dimension, tallies: readonly Tally[]): string {
  if (tallies.length === 0) return 'Nothing was refused.\n'
  // Clients choose their user agents, and a terminal obeys control characters.
  const rows = tallies.map(
    ({ name, refused }) => `${String(refused).padStart(9)}  ${name.replaceAll(/\p{Cc}/gu, '?')}\n`,
  )
  return `  refused  ${by}\n${rows.join('')}`
}
