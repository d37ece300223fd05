import a from 'a'
