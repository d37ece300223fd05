import u from './u.ts'

export async function plugins(app: App): Promise<void> {
  await app.register(u, { prefix: '/other' })
}
