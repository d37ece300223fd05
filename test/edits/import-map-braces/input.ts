import { b } from '#app/u'
