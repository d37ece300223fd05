const services =
  { d: 1
  , e: 2
  }
