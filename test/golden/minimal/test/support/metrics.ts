import type { FastifyInstance } from 'fastify'

/** What a service has measured so far: the sum of the samples that have these labels. */
export async function measured(
  app: FastifyInstance,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const families = await app.metrics.collect()
  const samples = families.flatMap((family) => family.samples)
  if (!samples.some((sample) => sample.name === name)) throw new Error(`There is no ${name}.`)
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return samples
    .filter((it) => it.name === name && wanted.every((label) => it.labels.includes(label)))
    .reduce((sum, { value }) => sum + value, 0)
}
