export async function plugins(app: App): Promise<void> {
  await cache(overrides)
  await redis(overrides)
  log(x)
}
