import {
  commandGroup,
  composeVariable,
  configSection,
  envSection,
  model,
  neededVariable,
  registerPlugin,
  testLogin,
} from './contributions.ts'
import { defineFeature } from './feature.ts'

export const auth = defineFeature({
  id: 'auth',
  title: 'Auth',
  summary:
    'Logins, refresh tokens, API keys and OpenID Connect tokens; routes for whom they declare',
  requires: ['database'],
  dependencies: ['jose', 'lru-cache'],
  contributions: [
    configSection('auth'),
    ...registerPlugin('access', 'auth'),
    ...registerPlugin('authRoutes', 'auth'),
    ...registerPlugin('identify', 'auth'),
    ...commandGroup('userCommands', 'auth'),
    model('auth/api-key'),
    model('auth/refresh-token'),
    model('auth/session'),
    model('auth/user'),
    ...testLogin('login'),
    neededVariable('AUTH_JWT_SECRET', "'a secret that only tests of production know'"),
    envSection('auth'),
    composeVariable('AUTH_JWT_SECRET'),
  ],
})
