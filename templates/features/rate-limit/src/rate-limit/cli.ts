import { type Command, Option } from 'commander'
import { type CliContext, table, upTo } from '../cli/command.ts'
import { connect, createRedis, redisAddress } from '../redis/connection.ts'
import { type Dimension, dimensions, maxHours, maxNames, Refusals } from './refusals.ts'

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
    .action((options: Options) => rateLimits(context, options))
}

async function rateLimits({ io, config }: CliContext, { top, by, hours, json }: Options) {
  const { redis, server } = config()
  if (redis.url === undefined) {
    throw new Error(
      'Without REDIS_URL each process keeps its own counts. Set REDIS_URL, or ask the service:\n' +
        `GET ${server.apiPrefix}/rate-limits?by=${by}`,
    )
  }
  const client = createRedis(redis.url, redis.keyPrefix)
  try {
    await connect(client)
    const data = await new Refusals(client).top(by, top, hours)
    // Clients choose their user agents, and a terminal obeys control characters.
    const rows = data.map(({ name, refused }) => ({ refused, [by]: name.replace(/\p{Cc}/gu, '?') }))
    const text = table(rows, 'Nothing was refused.')
    io.stdout.write(json ? `${JSON.stringify({ by, hours, data }, null, 2)}\n` : text)
  } catch (error) {
    throw new Error(`Redis ${redisAddress(client)} can't be used: ${error}`)
  } finally {
    client.disconnect()
  }
}
