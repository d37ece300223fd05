export async function plugins(app: App) { /* none yet */ 
  await app.register(u)
}
