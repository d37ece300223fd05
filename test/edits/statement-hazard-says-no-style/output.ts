export async function plugins(app: App) {
  await app.register(a);
  (async () => {})()
  foo()
  await app.register(q, {
    x: 1,
  })
  await app.register(z)
}
