const other = [
  1,
  2
]
const plugins: Plugin[] = [
  C
];
