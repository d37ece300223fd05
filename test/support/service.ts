import { join } from 'node:path'
import { ran } from './run.ts'
import { temporaryFolder } from './tree.ts'

/** The same spec everywhere, so that trees can be compared. */
export const createFlags = ['--no-install', '--no-git', '--tool', '0.1.0'] as const

/** Creates a service called my-app in a new folder and gives its root. */
export async function createdService(...flags: readonly string[]): Promise<string> {
  const parent = temporaryFolder()
  await ran(parent, ['./my-app', ...createFlags, ...flags])
  return join(parent, 'my-app')
}

/** The words of a resource with the example of the README. */
export const product = [
  'generate',
  'resource',
  'Product',
  'name:string:120',
  'price:decimal:10,2',
  'status:enum:draft,active=draft',
  'sku:string:40:unique',
  'tags:string:array',
  'releasedAt:timestamp:optional',
] as const
