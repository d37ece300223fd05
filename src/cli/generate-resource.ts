import { Command } from 'commander'
import type { Io } from '../model/io.ts'
import { type GenerateFlags, generate, intoFlag, withInstall } from './generate.ts'
import type { Run } from './run.ts'

interface ResourceFlags extends GenerateFlags {
  readonly plural?: string
  readonly public?: boolean
  readonly all?: boolean
  readonly model?: boolean
  readonly schema?: boolean
  readonly crud?: boolean
  readonly router?: boolean
  readonly tests?: boolean
}

export function resourceCommand(run: Run): Command {
  const command = new Command('resource')
    .description('add a resource: model, migration, schemas, repository, routes and tests')
    .argument('[name]', 'Product, UserProfile, order_item; asked for on a terminal')
    .argument('[field...]', 'name:type[:argument][:modifier...][=default]')
    .option('--all', 'all parts (the default)')
    .option('--model', 'model and migration')
    .option('--schema', 'request and response schemas')
    .option('--crud', 'repository')
    .option('--router', 'routes and their registration')
    .option('--tests', 'tests and a factory')
    .option('--plural <word>', 'the plural, if it is irregular')
    .option('--public', 'routes that anyone may call')
    .option(...intoFlag)
  return withInstall(command).action(
    run(async (io: Io, name: string | undefined, fields: string[], flags: ResourceFlags) => {
      const { parts, resource } = await import('../generators/resource.ts')
      const input = {
        parts: flags.all === true ? [] : parts.filter((part) => flags[part] === true),
        plural: flags.plural,
        isPublic: flags.public === true,
      }
      return generate(command, io, flags, {
        noun: 'resource',
        words: { name, fields },
        example: 'Product',
        hasFields: true,
        plan: (wanted, around) => resource.plan({ ...wanted, ...input }, around),
      })
    }),
  )
}
