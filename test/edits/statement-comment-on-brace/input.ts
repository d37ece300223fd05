export async function plugins(app: App) { // the flow
}
