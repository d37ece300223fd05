import a from 'a';
export async function plugins(app: App) {}
