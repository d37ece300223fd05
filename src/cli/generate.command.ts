import { Command } from 'commander'
import type { Io } from '../model/io.ts'
import { type GenerateFlags, generate, intoFlag, withInstall } from './generate.ts'
import { resourceCommand } from './generate-resource.ts'
import type { Run } from './run.ts'

export function generateCommand(run: Run): Command {
  return new Command('generate')
    .alias('g')
    .description('add code to this project and wire it in')
    .addCommand(resourceCommand(run))
    .addCommand(routerCommand(run))
    .addCommand(middlewareCommand(run))
    .addCommand(migrationCommand(run))
}

function routerCommand(run: Run): Command {
  const command = new Command('router')
    .description('add a router with a health check, registered in the app')
    .argument('[name]', 'webhooks, AdminUsers, order_items; asked for on a terminal')
    .option(
      '--prefix <path>',
      'mount it at exactly this path (default: /<name>, in a service below its API prefix)',
    )
    .option('--tag <tag>', 'its tag in OpenAPI (default: the name)')
    .option(...intoFlag)
  return withInstall(command).action(
    run(
      async (
        io: Io,
        name: string | undefined,
        flags: GenerateFlags & { prefix?: string; tag?: string },
      ) => {
        const { router } = await import('../generators/router.ts')
        const { prefix, tag } = flags
        return generate(command, io, flags, {
          noun: 'router',
          words: { name },
          example: 'webhooks',
          plan: (wanted, around) => router.plan({ name: wanted.name, prefix, tag }, around),
        })
      },
    ),
  )
}

function middlewareCommand(run: Run): Command {
  const command = new Command('middleware')
    .description('add a plugin with hooks that log requests and errors, registered in hook order')
    .argument('[name]', 'audit_log, RequestTiming; asked for on a terminal')
    .option(
      '--after <plugin>',
      'register it right after this plugin (default: after all; elsewhere before your first)',
    )
    .option('--before <plugin>', 'register it right before this plugin')
    .option(...intoFlag)
  return withInstall(command).action(
    run(
      async (
        io: Io,
        name: string | undefined,
        flags: GenerateFlags & { after?: string; before?: string },
      ) => {
        const { middleware } = await import('../generators/middleware.ts')
        const { after, before } = flags
        return generate(command, io, flags, {
          noun: 'middleware',
          words: { name },
          example: 'audit_log',
          plan: (wanted, around) => middleware.plan({ name: wanted.name, after, before }, around),
        })
      },
    ),
  )
}

function migrationCommand(run: Run): Command {
  const command = new Command('migration')
    .description('add an empty migration, up and down')
    .argument('[name]', 'add_user_roles; asked for on a terminal')
  return withInstall(command).action(
    run(async (io: Io, name: string | undefined, flags: GenerateFlags) => {
      const { migration } = await import('../generators/migration.ts')
      return generate(command, io, flags, {
        noun: 'migration',
        words: { name },
        example: 'add_user_roles',
        plan: (wanted, around) => migration.plan({ name: wanted.name }, around),
      })
    }),
  )
}
