import a from 'a'

export default a
