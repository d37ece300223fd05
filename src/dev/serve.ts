import { passThrough } from '../system/exec.ts'
import { installed } from './installed.ts'
import { resolveServe, type ServeOptions } from './resolve.ts'

/** Serves the project until it is stopped; gives the server's exit code. */
export async function serve(root: string, options: ServeOptions = {}): Promise<number> {
  return passThrough(installed(resolveServe(root, options)))
}
