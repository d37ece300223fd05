export async function plugins(app: App): Promise<void> {}
