export default async function plugins(app: App) {
  foo()
}
