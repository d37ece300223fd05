// The plugins of the app.
import u from './u.ts'
import z from './z.ts'
