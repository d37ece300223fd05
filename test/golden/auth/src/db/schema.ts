// Every table of the service, one line a model: `export * from '../resources/products/product.model.ts'`.
export * from '../auth/auth.model.ts'
