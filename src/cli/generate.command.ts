import { Command } from 'commander'
import { features } from '../features/index.ts'
import type { Io } from '../model/io.ts'
import { withChangeFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function generateCommand(run: Run): Command {
  return new Command('generate')
    .description('write code into this project and wire it in')
    .addCommand(resourceCommand(run))
}

interface ResourceFlags {
  readonly plural?: string
  readonly public?: boolean
  readonly all?: boolean
  readonly model?: boolean
  readonly schema?: boolean
  readonly crud?: boolean
  readonly router?: boolean
  readonly tests?: boolean
  readonly install: boolean
}

function resourceCommand(run: Run): Command {
  const command = new Command('resource')
    .description('model, migration, schemas, repository, routes and tests of one resource')
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
    .option('--no-install', 'do not install what an added feature needs')
  return withChangeFlags(command).action(
    run(async (io: Io, name: string, fields: string[], flags: ResourceFlags) => {
      const [
        { openSession },
        { openProject },
        { freeStamp },
        generator,
        { planGenerate },
        { apply },
      ] = await Promise.all([
        import('./session.ts'),
        import('../project/project.ts'),
        import('../project/migrations.ts'),
        import('../generators/resource.ts'),
        import('../plan/generate.ts'),
        import('../apply.ts'),
      ])
      const { cwd, settings, view } = openSession(command, io)
      const project = openProject(cwd)
      const generated = generator.resource.plan(
        {
          name,
          fields,
          parts: flags.all === true ? [] : generator.parts.filter((part) => flags[part] === true),
          plural: flags.plural,
          isPublic: flags.public === true,
        },
        {
          paths: project.manifest.paths,
          recorded: (id) => project.unit(id),
          namesIn: (folder) => project.namesIn(folder),
          stamp: freeStamp(project, io.now()),
        },
      )
      const options = { noun: 'resource', install: flags.install }
      return apply(planGenerate(generated, options, project, features), settings, view)
    }),
  )
}
