const plugins =
  [ A // a
  , B // b
  ]
