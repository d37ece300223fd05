export async function plugins(app: App) { /* none yet */ }
