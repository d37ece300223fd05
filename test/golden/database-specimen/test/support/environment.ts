/** Variables that production cannot do without, or that let a test call what is not guarded. */
export const neededEnv: Record<string, string> = {
  DATABASE_URL: 'postgres://localhost/app',
  UNGUARDED_ROUTES: 'allow',
}

/** Variables with which the service has every route, and answers all of them. */
export const everyRouteEnv: Record<string, string> = {
  DOCS_ENABLED: 'true',
}
