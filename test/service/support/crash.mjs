// Loaded into a server by NODE_OPTIONS: on a signal it fails as a bug in its code would.
const message = process.env.CRASH_MESSAGE ?? 'a bug'
process.on('SIGUSR2', () => {
  throw new Error(message)
})
process.on('SIGHUP', () => {
  Promise.reject(new Error(message))
})
