/** Variables that production cannot do without, or that let a test call what is not guarded. */
export const neededEnv: Record<string, string> = {
  UNGUARDED_ROUTES: 'allow',
}
