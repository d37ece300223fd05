import a from 'a'
const u = 1
