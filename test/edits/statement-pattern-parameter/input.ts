export async function plugins({ x }: O) {
  foo()
}
