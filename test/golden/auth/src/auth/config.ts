import { type Static, Type } from 'typebox'
import type { app } from '../config/base.ts'
import { integer, optionalText } from '../config/types.ts'
import { isSigningKey, isVerificationKey } from './tokens.ts'

interface Settings {
  app: Static<typeof app>
  auth: { jwtSecret?: string; jwtPrivateKey?: string; oidcIssuer?: string; oidcAudience?: string }
}

const day = 86_400

/** Everybody knows it, so it is for development and tests only. */
const publicSecret = 'not a secret: for development and tests'

const secretExample = 'at least 32 characters, for example the output of `openssl rand -base64 48`'

/** Who may log in, how identity is proved, and for how long. */
export const auth = Type.Object({
  /** Signs access tokens (HS256). Unused with AUTH_JWT_PRIVATE_KEY. */
  jwtSecret: optionalText({
    env: 'AUTH_JWT_SECRET',
    secret: true,
    minLength: 32,
    defaultIn: { development: publicSecret, test: publicSecret },
    expected: secretExample,
    conflict: ({ auth }: Settings) =>
      auth.jwtSecret || auth.jwtPrivateKey || auth.oidcIssuer
        ? undefined
        : `${secretExample}, or AUTH_JWT_PRIVATE_KEY or AUTH_OIDC_ISSUER instead`,
  }),
  /** Signs access tokens (EdDSA or ES256) that other services can verify. */
  jwtPrivateKey: optionalText({
    env: 'AUTH_JWT_PRIVATE_KEY',
    secret: true,
    isValid: isSigningKey,
    expected: 'the PEM of an Ed25519 or P-256 private key; \\n may stand for a line break',
  }),
  /** Keys that still verify tokens while a new one takes over. */
  jwtPreviousKeys: Type.Array(Type.String({ minLength: 32 }), {
    env: 'AUTH_JWT_PREVIOUS_KEYS',
    secret: true,
    isValid: isVerificationKey,
    default: [],
    expected: 'earlier secrets, or PEMs of Ed25519 or P-256 keys, separated by commas',
  }),
  /** Lifetime of an access token, in seconds. */
  accessTokenTtl: integer('AUTH_ACCESS_TOKEN_TTL', 900, { minimum: 30, maximum: day }),
  /** Lifetime of a session, however often it is refreshed, in seconds. */
  refreshTokenTtl: integer('AUTH_REFRESH_TOKEN_TTL', 30 * day, { minimum: 60, maximum: 400 * day }),
  /** Let anyone create an account with POST API_PREFIX/auth/register. */
  registrationEnabled: Type.Boolean({ env: 'AUTH_REGISTRATION_ENABLED', default: false }),
  /** Identity provider whose access tokens are accepted: their `iss`. */
  oidcIssuer: optionalText({
    env: 'AUTH_OIDC_ISSUER',
    pattern: '^https?://',
    isValid: (text: string) => URL.canParse(text),
    expected: 'the URL of an OpenID Connect provider, such as https://id.example.com/',
    conflict: ({ app, auth: { oidcIssuer, oidcAudience } }: Settings) => {
      if (!oidcIssuer) return oidcAudience && 'a URL, because AUTH_OIDC_AUDIENCE is set'
      return app.environment === 'production' && oidcIssuer.startsWith('http:')
        ? 'https, because tokens are trusted by what the provider answers'
        : undefined
    },
  }),
  /** The `aud` of its access tokens for this service. */
  oidcAudience: optionalText({
    env: 'AUTH_OIDC_AUDIENCE',
    conflict: ({ auth }: Settings) =>
      auth.oidcIssuer && !auth.oidcAudience ? 'text, because AUTH_OIDC_ISSUER is set' : undefined,
  }),
})
