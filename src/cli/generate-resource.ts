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
    .argument('<name>', 'singular: Product, UserProfile, order_item')
    .argument('[field...]', 'name:type[:argument][:modifier...][=default]')
    .option('--all', 'all parts (the default)')
    .option('--model', 'model and migration')
    .option('--schema', 'schemas of requests and responses')
    .option('--crud', 'repository')
    .option('--router', 'routes, and their registration')
    .option('--tests', 'tests, and a factory')
    .option('--plural <word>', 'the plural, where it is irregular')
    .option('--public', 'routes that declare no access')
    .option(...intoFlag)
  return withInstall(command).action(
    run(async (io: Io, name: string, fields: string[], flags: ResourceFlags) => {
      const { parts, resource } = await import('../generators/resource.ts')
      const input = {
        name,
        fields,
        parts: flags.all === true ? [] : parts.filter((part) => flags[part] === true),
        plural: flags.plural,
        isPublic: flags.public === true,
      }
      return generate(command, io, flags, 'resource', (around) => resource.plan(input, around))
    }),
  )
}
