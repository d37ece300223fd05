import { Socket } from 'node:net'
import pg from 'pg'

type Lend = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void

/** How long an idle connection is kept, in milliseconds. */
const idleTimeout = 10_000

/** Milliseconds after which an idle connection to a machine that is gone is found out. */
const keepAliveDelay = 10_000

/** A pool that gets over connections which are lost, or fall silent, while they are lent. */
export class PostgresPool extends pg.Pool {
  /**
   * @param patience how long a server may stay silent in the middle of something, in milliseconds;
   *   0 for ever: `statement_timeout` is kept by the server, which may be out of reach
   */
  constructor(config: pg.PoolConfig, patience: number) {
    super({
      ...config,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveDelay,
      idleTimeoutMillis: patience === 0 ? idleTimeout : Math.min(idleTimeout, patience / 2),
      stream: () => impatientSocket(patience),
    })
    // Who has borrowed it learns it from his query; an error without a listener ends the process.
    this.on('connect', (client) => client.on('error', () => {}))
  }

  override connect(): Promise<pg.PoolClient>
  override connect(lend: Lend): void
  override connect(lend?: Lend): Promise<pg.PoolClient> | undefined {
    if (lend === undefined) return super.connect().then(returnedWhenLost)
    super.connect(lend)
    return undefined
  }
}

function impatientSocket(patience: number): Socket {
  const socket = new Socket()
  socket.setTimeout(patience, () => {
    socket.destroy(new Error(`Connection terminated: no answer within ${patience} ms`))
  })
  return socket
}

/** Drizzle does not give a connection back on which BEGIN has failed. */
function returnedWhenLost(client: pg.PoolClient): pg.PoolClient {
  const release = client.release
  const lost = () => client.release(true)
  client.once('end', lost)
  client.release = (destroy) => {
    client.off('end', lost)
    client.release = () => {}
    release(destroy)
  }
  return client
}
