/** Variables that production cannot do without, or that let a test call what is not guarded. */
export const neededEnv: Record<string, string> = {
  AUTH_JWT_SECRET: 'a secret that only tests of production know',
  UNGUARDED_ROUTES: 'allow',
}
