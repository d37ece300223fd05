export * from './app.ts'
export * from './docs.ts'
export * from './logging.ts'
export * from './server.ts'
