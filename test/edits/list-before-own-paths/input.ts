import A from '@apps/a'
import B from '@app/b'
const plugins = [
  A,
  B,
]
