import a from 'a'

const = 1
