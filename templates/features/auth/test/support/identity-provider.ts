import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'

interface Pair {
  privateKey: KeyObject
  publicKey: KeyObject
}
interface Key extends Pair {
  kid: string
}

/** By name; to make one takes longer than all of a test. */
const pairs = new Map<string, Pair>()

/** An OpenID Connect provider on this machine, as far as a service needs one: keys and tokens. */
export class IdentityProvider {
  readonly issuer = 'https://id.example.com/'
  readonly audience = 'api'
  /** What it answers in place of its keys. */
  failure: { status: number; body: string } | 'hang' | undefined
  /** How often it was asked for its keys. */
  asked = 0
  #keys: Key[] = []
  readonly #server: Server

  private constructor() {
    this.rotate('first')
    this.#server = createServer((_request, response) => {
      this.asked += 1
      if (this.failure === 'hang') return
      if (this.failure) response.writeHead(this.failure.status).end(this.failure.body)
      else response.writeHead(200, { 'content-type': 'application/json' }).end(this.#jwks())
    })
  }

  static async start(): Promise<IdentityProvider> {
    const provider = new IdentityProvider()
    await provider.#listen()
    return provider
  }

  /** The variables with which a service accepts its tokens. */
  get env(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo
    return {
      AUTH_OIDC_ISSUER: this.issuer,
      AUTH_OIDC_JWKS_URL: `http://127.0.0.1:${port}/jwks.json`,
      AUTH_OIDC_AUDIENCE: this.audience,
    }
  }

  /** Signs with a new key from now on; those before are published no more. */
  rotate(kid: string): void {
    const pair = pairs.get(kid) ?? generateKeyPairSync('rsa', { modulusLength: 2048 })
    pairs.set(kid, pair)
    this.#keys = [{ kid, ...pair }]
  }

  /** A token as it would issue it, but for the claims that are given. */
  token(claims: object = {}, header: { kid?: string } = {}): Promise<string> {
    const [key] = this.#keys
    if (key === undefined) throw new Error('no key')
    const now = Math.floor(Date.now() / 1000)
    const payload = { iss: this.issuer, aud: this.audience, sub: 'ada', iat: now, exp: now + 300 }
    return new SignJWT({ ...payload, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header })
      .sign(key.privateKey)
  }

  /** The key that verifies its tokens, as text. */
  get publicPem(): string {
    return this.#keys[0]?.publicKey.export({ type: 'spki', format: 'pem' }).toString() ?? ''
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #jwks(): string {
    const keys = this.#keys.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      alg: 'RS256',
      use: 'sig',
    }))
    return JSON.stringify({ keys })
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }
}
