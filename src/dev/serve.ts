import { passThrough } from '../system/exec.ts'
import { resolveServe, type ServeOptions } from './resolve.ts'

/** Serves the project until it is stopped; gives the server's exit code. */
export function serve(root: string, options: ServeOptions = {}): Promise<number> {
  return passThrough(resolveServe(root, options))
}
