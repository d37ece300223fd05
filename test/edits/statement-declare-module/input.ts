declare module 'x' {
  export function plugins(app: A): void
}
namespace N {
  export function plugins(app: A) {}
}
export async function plugins(app: App): Promise<void> {
  foo()
}
