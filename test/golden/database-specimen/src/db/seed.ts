import type { Database } from './client.ts'

/**
 * Example data for development. `db seed` runs it in one transaction. Make it repeatable: insert
 * only what isn't there yet.
 *
 * @example
 * await db
 *   .insert(products)
 *   .values({ id: uuidv7(), sku: 'CHAIR-1', name: 'Chair', price: '49.90' })
 *   .onConflictDoNothing({ target: products.sku })
 */
export async function seed(_db: Database): Promise<void> {}
