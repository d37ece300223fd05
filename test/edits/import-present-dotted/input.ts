import u from '././x/../u.mjs'
