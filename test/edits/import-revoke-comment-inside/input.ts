import u /* mine */ from './u.ts'
