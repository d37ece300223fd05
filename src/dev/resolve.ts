import type { Command } from '../model/plan.ts'

export interface ServeOptions {
  readonly port?: string
  readonly host?: string
  readonly reload?: boolean
}

/** Serves the source; pending migrations are applied at the start, as MIGRATE_ON_START says. */
export function resolveServe(root: string, { port, host, reload }: ServeOptions): Command {
  return {
    program: 'tsx',
    args: reload === false ? ['src/server.ts'] : ['watch', '--clear-screen=false', 'src/server.ts'],
    cwd: root,
    env: {
      ...(port === undefined ? {} : { PORT: port }),
      ...(host === undefined ? {} : { HOST: host }),
    },
  }
}

/** One check of `dev quality`. */
export interface Check {
  readonly name: string
  readonly command: Command
}

/** The marks that run without being asked for; load and chaos are not among them. */
const testProjects = ['unit', 'api', 'integration'].flatMap((name) => ['--project', name])

/** The checks of `dev quality`, as the project's own scripts have them. */
export function resolveQuality(root: string): readonly Check[] {
  const check = (name: string, program: string, ...args: string[]): Check => ({
    name,
    command: { program, args, cwd: root },
  })
  return [
    check('lint', 'biome', 'check', '--formatter-enabled=false', '--error-on-warnings'),
    check('format', 'biome', 'format'),
    check('typecheck', 'tsc', '--noEmit'),
    check('test', 'vitest', 'run', ...testProjects),
  ]
}
