export * from '../resources/products/product.model.ts'
export * from './z.ts'
