import { b, u } from '#app/u'
