/** After so many calls V8 has optimized it; that takes some 15 ms. */
const enough = 10_000

/**
 * Has V8 optimize `process.nextTick`, which a request calls a dozen times, before the service begins
 * to load. Each call makes an object. If V8 collects garbage before it has optimized that code, it
 * forgets the shape of the object, and each one costs five times as much for as long as the process
 * lives: a tenth of a request (Node 20 and 22). A service that opens a database meets that.
 */
export function warmUp(): void {
  for (let count = 0; count < enough; count += 1) process.nextTick(() => {})
}
