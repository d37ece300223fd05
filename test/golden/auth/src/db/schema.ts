// Every table of the service, one line a model: `export * from '../resources/products/product.model.ts'`.
export * from '../auth/api-key.model.ts'
export * from '../auth/refresh-token.model.ts'
export * from '../auth/session.model.ts'
export * from '../auth/user.model.ts'
