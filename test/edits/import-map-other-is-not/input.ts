import x from '#app/v'
import y from '@/u2'
