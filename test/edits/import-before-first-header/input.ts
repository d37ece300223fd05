// The plugins of the app.
import z from './z.ts'
