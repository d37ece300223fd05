import x from '#app/v'
import y from '@/u2'
import u from './u.js'
