export async function plugins(app: App): Promise<void> {
  foo(); return 1
}
