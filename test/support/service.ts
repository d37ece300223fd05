import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { ran } from './run.ts'
import { temporaryFolder } from './tree.ts'

/** The same spec everywhere, so that trees can be compared. */
export const createFlags = ['--no-install', '--no-git', '--tool', '0.1.0'] as const

/**
 * A new service called my-app in a new folder.
 *
 * Creating one takes ten times as long as copying it, so each kind is created once in a run.
 *
 * @returns its root
 */
export async function createdService(...flags: readonly string[]): Promise<string> {
  const root = join(temporaryFolder(), 'my-app')
  cpSync(await original(flags), root, { recursive: true })
  return root
}

async function original(flags: readonly string[]): Promise<string> {
  const home = join(inject('scratch'), 'services')
  const root = join(home, flags.join(' ').replaceAll(/\W+/g, '-') || 'standard')
  if (existsSync(root)) return root
  mkdirSync(home, { recursive: true })
  const parent = mkdtempSync(join(home, 'new-'))
  await ran(parent, ['./my-app', ...createFlags, ...flags])
  try {
    renameSync(join(parent, 'my-app'), root)
  } catch (error) {
    // Another worker was faster.
    if (!existsSync(root)) throw error
  }
  return root
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
