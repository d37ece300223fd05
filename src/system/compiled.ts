import { isAscii } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname } from 'node:path'
import { Script } from 'node:vm'
import { cacheFolder, keep, kept } from './cache-folder.ts'
import { sha256 } from './hash.ts'

/**
 * Loads a CommonJS file as `require` does, but from V8's compiled code of an earlier run, if there
 * is any. `version` is that of the file's package: npm gives all files one and the same time.
 */
export function requireCompiled(file: string, version: string): unknown {
  const require = createRequire(file)
  try {
    const folder = cacheFolder()
    if (folder !== undefined && !(file in require.cache)) {
      return load(file, folder, nameFor(file, version), require)
    }
  } catch {}
  return require(file)
}

/** V8 looks at the length of the source only, so the name says what the code was compiled from. */
function nameFor(file: string, version: string): string {
  const { size, mtimeMs } = statSync(file)
  const { version: node, versions, arch, platform } = process
  return sha256(JSON.stringify([version, size, mtimeMs, node, versions.v8, arch, platform]))
}

function load(file: string, folder: string, name: string, require: NodeJS.Require): unknown {
  const cachedData = kept(folder, name)
  const script = new Script(Module.wrap(textOf(file)), { filename: file, cachedData })
  const module = new Module(file)
  module.filename = file
  script
    .runInThisContext()
    .call(module.exports, module.exports, require, module, file, dirname(file))
  module.loaded = true
  require.cache[file] = module
  // At the end the functions that were called are compiled too, and the next run needs just those.
  if (cachedData === undefined || script.cachedDataRejected === true) {
    process.once('exit', () => keep(folder, name, () => script.createCachedData()))
  }
  return module.exports
}

/** Read as Latin-1, which ASCII is too: 10 ms less for the nine megabytes of the compiler. */
function textOf(file: string): string {
  const bytes = readFileSync(file)
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}
