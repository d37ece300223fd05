import { type Static, Type } from 'typebox'
import { name } from '../about.ts'
import type { app } from '../config/base.ts'
import { isSigningKey } from './pem.ts'

interface Settings {
  app: Static<typeof app>
  auth: AuthSettings
}

const day = 86_400

/** Known to everybody, so good for a machine of one's own only. */
const openSecret = 'not a secret: for development and tests'

/** Who may come in, how that is proved, and for how long. */
export const auth = Type.Object({
  jwtSecret: Type.Optional(
    Type.String({
      env: 'AUTH_JWT_SECRET',
      secret: true,
      minLength: 32,
      defaultIn: { development: openSecret, test: openSecret },
      expected: 'at least 32 characters, for example those of `openssl rand -base64 48`',
      neededBecause: ({ auth }: Settings) =>
        auth.jwtPrivateKey === undefined && auth.oidcIssuer === undefined
          ? 'access tokens are signed with it (or set AUTH_JWT_PRIVATE_KEY, or AUTH_OIDC_ISSUER)'
          : undefined,
      description: 'Signs access tokens (HS256). Unused with AUTH_JWT_PRIVATE_KEY.',
    }),
  ),
  jwtPrivateKey: Type.Optional(
    Type.Refine(
      Type.String({
        env: 'AUTH_JWT_PRIVATE_KEY',
        secret: true,
        expected: 'the PEM of an Ed25519 or P-256 private key; \\n may stand for a new line',
        description: 'Signs access tokens (EdDSA or ES256) that others can verify.',
      }),
      isSigningKey,
    ),
  ),
  jwtPreviousKeys: Type.Array(Type.String({ minLength: 32 }), {
    env: 'AUTH_JWT_PREVIOUS_KEYS',
    secret: true,
    default: [],
    expected: 'earlier secrets or PEM keys, separated by commas',
    description: 'Keys whose tokens are still good while a new one takes over.',
  }),
  issuer: Type.String({
    env: 'AUTH_ISSUER',
    default: name,
    minLength: 1,
    description: 'Who signs the access tokens of this service: their `iss`.',
  }),
  audience: Type.String({
    env: 'AUTH_AUDIENCE',
    default: name,
    minLength: 1,
    description: 'For whom they are: their `aud`.',
  }),
  accessTokenTtl: Type.Integer({
    env: 'AUTH_ACCESS_TOKEN_TTL',
    default: 900,
    minimum: 30,
    maximum: day,
    description: 'How long an access token is good, in seconds.',
  }),
  refreshTokenTtl: Type.Integer({
    env: 'AUTH_REFRESH_TOKEN_TTL',
    default: 30 * day,
    minimum: 60,
    maximum: 400 * day,
    description: 'How long a login lasts, however often it is refreshed, in seconds.',
  }),
  refreshGrace: Type.Integer({
    env: 'AUTH_REFRESH_GRACE',
    default: 10,
    minimum: 0,
    maximum: 60,
    description:
      'Reuse of a refresh token so soon is refused without ending the login, in seconds.',
  }),
  cacheTtl: Type.Integer({
    env: 'AUTH_CACHE_TTL',
    default: 30,
    minimum: 0,
    maximum: 300,
    description: 'How long other processes may not notice a revocation, in seconds.',
  }),
  registrationEnabled: Type.Boolean({
    env: 'AUTH_REGISTRATION_ENABLED',
    default: false,
    description: 'Let everybody make an account below API_PREFIX/auth/register.',
  }),
  apiKeyGrace: Type.Integer({
    env: 'AUTH_API_KEY_GRACE',
    default: day,
    minimum: 0,
    maximum: 30 * day,
    description: 'How long a rotated API key is still good, in seconds.',
  }),
  scryptLogN: Type.Integer({
    env: 'AUTH_SCRYPT_LOG_N',
    default: 17,
    defaultIn: { test: 4 },
    minimum: 1,
    maximum: 20,
    refusedBecause: ({ app, auth }: Settings) =>
      app.environment === 'production' && auth.scryptLogN < 13
        ? ['13 to 20', 'less is guessed too fast']
        : undefined,
    description: 'Cost of hashing a password: 2^n KiB of memory; 17 is 128 MiB.',
  }),
  hashingConcurrency: Type.Integer({
    env: 'AUTH_HASHING_CONCURRENCY',
    default: 2,
    minimum: 1,
    // Each takes one of the four threads that also read files and look names up.
    maximum: 3,
    description: 'Passwords that are hashed at the same time; the others wait.',
  }),
  oidcIssuer: Type.Optional(
    Type.String({
      env: 'AUTH_OIDC_ISSUER',
      neededBecause: ({ auth }: Settings) =>
        auth.oidcJwksUrl !== undefined ? 'AUTH_OIDC_JWKS_URL is set' : undefined,
      description: 'Identity provider whose access tokens are good here: their `iss`.',
    }),
  ),
  oidcJwksUrl: Type.Optional(
    Type.String({
      env: 'AUTH_OIDC_JWKS_URL',
      pattern: '^https?://[^/]',
      expected: 'the URL of its keys, such as https://id.example.com/.well-known/jwks.json',
      neededBecause: ({ auth }: Settings) => withIssuer(auth),
      refusedBecause: ({ app, auth }: Settings) =>
        app.environment === 'production' && auth.oidcJwksUrl?.startsWith('http:')
          ? ['https', 'whoever can change the answer can sign tokens']
          : undefined,
      description: 'Where the keys of the identity provider are.',
    }),
  ),
  oidcAudience: Type.Optional(
    Type.String({
      env: 'AUTH_OIDC_AUDIENCE',
      neededBecause: ({ auth }: Settings) => withIssuer(auth),
      description: 'What its tokens for this service have as `aud`.',
    }),
  ),
  oidcRolesClaim: Type.Optional(
    Type.String({
      env: 'AUTH_OIDC_ROLES_CLAIM',
      description: 'Claim with the roles of its users, dots lead inwards: realm_access.roles.',
    }),
  ),
})

interface AuthSettings {
  jwtPrivateKey?: string
  scryptLogN: number
  oidcIssuer?: string
  oidcJwksUrl?: string
}

function withIssuer({ oidcIssuer }: AuthSettings): string | undefined {
  return oidcIssuer !== undefined ? 'AUTH_OIDC_ISSUER is set' : undefined
}
