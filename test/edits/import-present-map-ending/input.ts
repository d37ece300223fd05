import u from '#app/u.ts'
