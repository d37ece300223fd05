// Loaded into a server by NODE_OPTIONS: on a signal it fails as a bug in its code would.
process.on('SIGUSR2', () => {
  throw new Error('a bug')
})
process.on('SIGHUP', () => {
  Promise.reject(new Error('a bug'))
})
