export async function plugins() {
  foo()
}
