/** V8 has optimized a function after this many calls, which take some 15 ms. */
const calls = 10_000

/**
 * Has V8 optimize `process.nextTick`, which a request calls a dozen times, before the service loads.
 * Each call makes an object. If V8 collects garbage before it has optimized that code, it forgets
 * the shape of the object, and each one costs five times as much until the process ends: a sixth of
 * a request (Node 20 to 24). A service that opens a database runs into that.
 */
export function warmUp(): void {
  for (let call = 0; call < calls; call += 1) process.nextTick(() => {})
}
