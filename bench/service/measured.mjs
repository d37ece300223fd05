// A server of the bench: it listens, says where, and tells how much processor time it used.

/** What every server answers to `GET /hello`. */
export const greeting = { hello: 'world' }

/** The origin of the page that calls; the servers allow it. */
export const origin = 'https://app.example.com'

/** A trace that the page records, so that metrics keep exemplars of its requests. */
export const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** Ties a server to the bench, which sends it requests with these headers; times are in microseconds. */
export function measured({ port, path = '/hello', headers = {} }) {
  let since = process.cpuUsage()
  process.on('message', (word) => {
    if (word === 'begin') since = process.cpuUsage()
    const { user, system } = process.cpuUsage(since)
    process.send({ time: user + system })
  })
  process.once('disconnect', () => process.kill(process.pid))
  process.send({ port, path, headers })
}
