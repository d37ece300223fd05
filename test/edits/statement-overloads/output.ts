export function plugins(app: A): void
export function plugins(app: B): void
export function plugins(app: A | B): void {
  foo()
  app.register(u)
}
