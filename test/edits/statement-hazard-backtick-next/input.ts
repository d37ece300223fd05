export async function plugins(app: App): Promise<void> {
  await app.register(a);
  `x`.trim()
  foo()
  bar()
}
