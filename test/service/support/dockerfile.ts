import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/** A stage of a Dockerfile whose instructions ran in a folder instead of an image. */
export interface Stage {
  /** Stands for the root of the file system. */
  root: string
  workdir: string
  env: Record<string, string>
  /** The RUN instructions, as they stand in the file. */
  commands: string[]
  user: string
  healthCheck: string[]
  command: string[]
}

/**
 * Runs the stages of a Dockerfile without an engine, each in a folder of `target`. Images are empty
 * folders, COPY obeys `.dockerignore`, RUN runs in a shell. A package manager's installation is not
 * repeated: `node_modules` becomes a link to the one of `context`.
 */
export function runStages(context: string, target: string): Map<string, Stage> {
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  for (const [instruction, text] of instructions(join(context, 'Dockerfile'))) {
    if (instruction === 'ARG') continue
    if (instruction === 'FROM') {
      const [, image = '', name = ''] = /^(\S+) AS (\w+)$/.exec(text) ?? []
      stage = startStage(join(target, name), stages.get(image))
      stages.set(name, stage)
    } else if (stage) run(stage, instruction, text, context, stages)
  }
  return stages
}

function instructions(file: string): [instruction: string, text: string][] {
  const lines = readFileSync(file, 'utf8')
    .replace(/\\\n\s*/g, '')
    .split('\n')
  return lines
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => [line.split(' ', 1).join(), line.slice(line.indexOf(' ') + 1)])
}

function startStage(root: string, base: Stage | undefined): Stage {
  mkdirSync(root, { recursive: true })
  if (base) cpSync(base.root, root, { recursive: true, verbatimSymlinks: true })
  const empty = { workdir: '/', env: {}, commands: [], user: 'root', healthCheck: [], command: [] }
  return { ...empty, ...base, commands: [], root }
}

function run(
  stage: Stage,
  instruction: string,
  text: string,
  context: string,
  stages: Map<string, Stage>,
): void {
  const directory = join(stage.root, stage.workdir)
  switch (instruction) {
    case 'WORKDIR':
      stage.workdir = text
      mkdirSync(join(stage.root, text), { recursive: true })
      return
    case 'ENV':
      for (const [, key = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) stage.env[key] = value
      return
    case 'COPY':
      copy(directory, text, context, stages)
      return
    case 'RUN':
      stage.commands.push(text)
      if (/^npm ci\b/.test(text))
        symlinkSync(join(context, 'node_modules'), join(directory, 'node_modules'))
      else shell(text, directory)
      return
    case 'USER':
      stage.user = text
      return
    case 'HEALTHCHECK':
      stage.healthCheck = JSON.parse(text.slice(text.indexOf('[')))
      return
    case 'CMD':
      stage.command = JSON.parse(text)
      return
    case 'EXPOSE':
      return
    default:
      throw new Error(`The instruction ${instruction} is not known here.`)
  }
}

function copy(directory: string, text: string, context: string, stages: Map<string, Stage>): void {
  const [, from, list = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(text) ?? []
  const paths = list.split(' ')
  const destination = resolve(directory, paths.pop() ?? '')
  for (const path of paths) {
    if (from) copyFrom(join(stages.get(from)?.root ?? '', path), destination, path)
    else if (path === '.') for (const name of allowed(context)) copyIn(context, name, directory)
    else copyIn(context, path, directory)
  }
}

function copyIn(context: string, path: string, directory: string): void {
  if (!allowed(context).includes(path)) throw new Error(`.dockerignore leaves out ${path}.`)
  if (existsSync(join(context, path))) {
    cpSync(join(context, path), join(directory, path), { recursive: true })
  }
}

function copyFrom(source: string, destination: string, path: string): void {
  if (!existsSync(source)) throw new Error(`There is no ${path} to copy.`)
  cpSync(source, destination, { recursive: true, verbatimSymlinks: true })
}

/** Everything is left out (`*`) but what is named. */
function allowed(context: string): string[] {
  const [first, ...rest] = readFileSync(join(context, '.dockerignore'), 'utf8').trim().split('\n')
  if (first !== '*') throw new Error('.dockerignore has to begin with *.')
  return rest.map((line) => line.replace(/^!/, ''))
}

function shell(command: string, cwd: string): void {
  const path = [join(cwd, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const { status, stderr, stdout } = spawnSync('sh', ['-c', command], {
    cwd,
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`RUN ${command}: ${stdout}${stderr}`)
}
