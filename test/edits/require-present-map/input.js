const v = require('#app/u')
