import { type Static, Type } from 'typebox'
import type { app } from '../config/base.ts'
import { isSigningKey, isVerificationKey } from './tokens.ts'

interface Settings {
  app: Static<typeof app>
  auth: { jwtPrivateKey?: string; oidcIssuer?: string; oidcAudience?: string }
}

const day = 86_400

/** Everybody knows it, so it is for development and tests only. */
const publicSecret = 'not a secret: for development and tests'

/** Who may log in, how identity is proved, and for how long. */
export const auth = Type.Object({
  jwtSecret: Type.Optional(
    Type.String({
      env: 'AUTH_JWT_SECRET',
      secret: true,
      minLength: 32,
      defaultIn: { development: publicSecret, test: publicSecret },
      expected: 'at least 32 characters, for example the output of `openssl rand -base64 48`',
      neededBecause: ({ auth }: Settings) =>
        auth.jwtPrivateKey === undefined && auth.oidcIssuer === undefined
          ? 'it signs the access tokens (AUTH_JWT_PRIVATE_KEY or AUTH_OIDC_ISSUER can replace it)'
          : undefined,
      description: 'Signs access tokens (HS256). Unused with AUTH_JWT_PRIVATE_KEY.',
    }),
  ),
  jwtPrivateKey: Type.Optional(
    Type.Refine(
      Type.String({
        env: 'AUTH_JWT_PRIVATE_KEY',
        secret: true,
        expected: 'the PEM of an Ed25519 or P-256 private key; \\n may stand for a line break',
        description: 'Signs access tokens (EdDSA or ES256) that other services can verify.',
      }),
      isSigningKey,
    ),
  ),
  jwtPreviousKeys: Type.Array(Type.Refine(Type.String({ minLength: 32 }), isVerificationKey), {
    env: 'AUTH_JWT_PREVIOUS_KEYS',
    secret: true,
    default: [],
    expected: 'earlier secrets, or PEMs of Ed25519 or P-256 keys, separated by commas',
    description: 'Keys that still verify tokens while a new one takes over.',
  }),
  accessTokenTtl: Type.Integer({
    env: 'AUTH_ACCESS_TOKEN_TTL',
    default: 900,
    minimum: 30,
    maximum: day,
    description: 'Lifetime of an access token, in seconds.',
  }),
  refreshTokenTtl: Type.Integer({
    env: 'AUTH_REFRESH_TOKEN_TTL',
    default: 30 * day,
    minimum: 60,
    maximum: 400 * day,
    description: 'Lifetime of a session, however often it is refreshed, in seconds.',
  }),
  registrationEnabled: Type.Boolean({
    env: 'AUTH_REGISTRATION_ENABLED',
    default: false,
    description: 'Let anyone create an account with POST API_PREFIX/auth/register.',
  }),
  oidcIssuer: Type.Optional(
    Type.Refine(
      Type.String({
        env: 'AUTH_OIDC_ISSUER',
        pattern: '^https?://',
        expected: 'the URL of an OpenID Connect provider, such as https://id.example.com/',
        neededBecause: ({ auth }: Settings) =>
          auth.oidcAudience !== undefined ? 'AUTH_OIDC_AUDIENCE is set' : undefined,
        refusedBecause: ({ app, auth }: Settings) =>
          app.environment === 'production' && auth.oidcIssuer?.startsWith('http:')
            ? ['https', 'whoever can change its responses can sign tokens']
            : undefined,
        description: 'Identity provider whose access tokens are accepted: their `iss`.',
      }),
      (text) => URL.canParse(text),
    ),
  ),
  oidcAudience: Type.Optional(
    Type.String({
      env: 'AUTH_OIDC_AUDIENCE',
      neededBecause: ({ auth }: Settings) =>
        auth.oidcIssuer !== undefined ? 'AUTH_OIDC_ISSUER is set' : undefined,
      description: 'The `aud` of its access tokens for this service.',
    }),
  ),
})
