import u from '#app/u'
