import {
  commandGroup,
  composeVariable,
  configSection,
  documentation,
  envSection,
  model,
  neededVariable,
  registerPlugin,
  testLogin,
  testOverride,
} from './contributions.ts'
import { defineFeature } from './feature.ts'

export const auth = defineFeature({
  id: 'auth',
  title: 'Auth',
  summary: 'Logins, sessions, API keys, OpenID Connect tokens, roles and permissions',
  requires: ['database'],
  dependencies: ['jose', 'lru-cache'],
  contributions: [
    configSection('auth'),
    ...registerPlugin('access', 'auth'),
    ...registerPlugin('authRoutes', 'auth'),
    ...registerPlugin('identify', 'auth'),
    ...commandGroup('userCommands', 'auth'),
    model('auth/auth'),
    ...testLogin('login'),
    ...testOverride('passwords'),
    neededVariable('AUTH_JWT_SECRET', "'a secret that only tests of production know'"),
    envSection('auth'),
    composeVariable('AUTH_JWT_SECRET'),
    ...documentation({
      title: 'Auth',
      readme: ['Create the first user'],
      folders: ['`src/auth/`'],
      plugins: ['identify', 'access', 'authRoutes'],
      variables: true,
      commands: 'users',
    }),
  ],
})
