import a from 'a'
;(async () => {})()
