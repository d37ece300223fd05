const services =
  { c: 1
  , d: 1
  , e: 2
  }
