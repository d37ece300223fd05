export function plugins(app: App) { // the flow
}
