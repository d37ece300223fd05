export async function plugins(app: App) { }
