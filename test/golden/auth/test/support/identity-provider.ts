import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'

interface Pair {
  privateKey: KeyObject
  publicKey: KeyObject
}

/** By name: generating one takes longer than a test. */
const pairs = new Map<string, Pair>()

/** As much of an OpenID Connect provider as a service needs: discovery, keys and tokens. */
export class IdentityProvider {
  readonly audience = 'api'
  /** What it answers instead of its keys. */
  failure: { status: number; body: string } | 'hang' | undefined
  /** What its discovery document says instead of the truth. */
  discovery: object = {}
  /** How often it was asked for its keys. */
  asked = 0
  #keys: (Pair & { kid: string })[] = []
  readonly #server: Server
  issuer = ''

  private constructor() {
    this.rotate('first')
    this.#server = createServer(({ url }, response) => {
      const json = { 'content-type': 'application/json' }
      if (url === '/.well-known/openid-configuration') {
        const document = { issuer: this.issuer, jwks_uri: `${this.issuer}jwks.json` }
        response.writeHead(200, json).end(JSON.stringify({ ...document, ...this.discovery }))
        return
      }
      this.asked += 1
      if (this.failure === 'hang') return
      if (this.failure) response.writeHead(this.failure.status).end(this.failure.body)
      else response.writeHead(200, json).end(this.#jwks())
    })
  }

  static async start(): Promise<IdentityProvider> {
    const provider = new IdentityProvider()
    provider.#server.listen(0, '127.0.0.1')
    await once(provider.#server, 'listening')
    provider.issuer = `http://127.0.0.1:${(provider.#server.address() as AddressInfo).port}/`
    return provider
  }

  /** The variables with which a service accepts its tokens. */
  get env(): Record<string, string> {
    return { AUTH_OIDC_ISSUER: this.issuer, AUTH_OIDC_AUDIENCE: this.audience }
  }

  /** Signs with a new key from now on, and no longer publishes earlier ones. */
  rotate(kid: string): void {
    const pair = pairs.get(kid) ?? generateKeyPairSync('rsa', { modulusLength: 2048 })
    pairs.set(kid, pair)
    this.#keys = [{ kid, ...pair }]
  }

  /** A token as it issues them, but for the given claims. */
  token(claims: object = {}, header: { kid?: string } = {}): Promise<string> {
    const [key] = this.#keys
    if (key === undefined) throw new Error('no key')
    const now = Math.floor(Date.now() / 1000)
    const payload = { iss: this.issuer, aud: this.audience, sub: 'ada', iat: now, exp: now + 300 }
    return new SignJWT({ ...payload, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header })
      .sign(key.privateKey)
  }

  /** The key that verifies its tokens. */
  get publicPem(): string {
    return this.#keys[0]?.publicKey.export({ type: 'spki', format: 'pem' }).toString() ?? ''
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  #jwks(): string {
    const keys = this.#keys.map(({ kid, publicKey }) => {
      return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }
    })
    return JSON.stringify({ keys })
  }
}
