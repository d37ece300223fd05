/**
 * Node makes an object for each task that waits for the next tick, a dozen a request. When V8
 * collects garbage before it has optimized that code, it forgets the shape of the object, and each
 * one costs five times as much for as long as the process lives: a tenth of a request (Node 20 and
 * 22). A service that loads much is certain to meet that, so the code is optimized before.
 */
const enough = 10_000

for (let count = 0; count < enough; count += 1) process.nextTick(() => {})
