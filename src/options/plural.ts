export const irregular: Readonly<Record<string, string>> = {
  person: 'people',
  man: 'men',
  woman: 'women',
  child: 'children',
  mouse: 'mice',
  goose: 'geese',
  foot: 'feet',
  tooth: 'teeth',
  ox: 'oxen',
  die: 'dice',
  quiz: 'quizzes',
  leaf: 'leaves',
  life: 'lives',
  knife: 'knives',
  wife: 'wives',
  wolf: 'wolves',
  shelf: 'shelves',
  half: 'halves',
  calf: 'calves',
  thief: 'thieves',
  loaf: 'loaves',
  elf: 'elves',
  self: 'selves',
  scarf: 'scarves',
  datum: 'data',
  medium: 'media',
  bacterium: 'bacteria',
  criterion: 'criteria',
  phenomenon: 'phenomena',
  curriculum: 'curricula',
  appendix: 'appendices',
  matrix: 'matrices',
  vertex: 'vertices',
  alumnus: 'alumni',
  nucleus: 'nuclei',
  stimulus: 'stimuli',
  cactus: 'cacti',
  hero: 'heroes',
  potato: 'potatoes',
  tomato: 'tomatoes',
  echo: 'echoes',
  veto: 'vetoes',
  torpedo: 'torpedoes',
  cargo: 'cargoes',
  gas: 'gases',
}

export const uncountable = new Set(
  (
    'advice aerobics aircraft analytics athletics audio barracks binoculars bison chassis clothes cod ' +
    'content corps crossroads data deer diabetes economics electronics equipment ethics evidence ' +
    'feedback firmware fish furniture genetics goods gymnastics hardware headquarters homework ' +
    'information jeans jewelry knowledge linguistics logistics luggage machinery mathematics means ' +
    'media metadata middleware money moose music news offspring pants physics police politics pyjamas ' +
    'research rice robotics salmon scissors series sheep shrimp software species staff swine thanks ' +
    'traffic trousers trout tuna weather whereabouts wildlife'
  ).split(' '),
)

const plurals = new Set(Object.values(irregular))

/** Endings, first match wins. `-men` words (`German`) and `-man` words (`craftsman`) differ. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/person$/, 'people'],
  [/(german|human|roman|ottoman|shaman|talisman)$/, '$1s'],
  [/(?<=[a-z]{2})man$/, 'men'],
  [/(?<=grand)child$/, 'children'],
  [/(kni|li|wi)fe$/, '$1ves'],
  [/(lea|loa|shel|thie|wol)f$/, '$1ves'],
  [/([^aeiou]|qu)y$/, '$1ies'],
  [/sis$/, 'ses'],
  [/(?<=[^aeiou])axis$|^axis$/, 'axes'],
  [/(stomach|monarch|epoch)$/, '$1s'],
  [/(s|x|z|ch|sh)$/, '$1es'],
]

/**
 * The English plural of one lower-case word. A word that is a plural already (`people`, `news`)
 * stays as it is; anything unusual beyond the table is what `--plural` is for.
 */
export function plural(word: string): string {
  if (uncountable.has(word) || plurals.has(word)) return word
  const special = irregular[word]
  if (special !== undefined && Object.hasOwn(irregular, word)) return special
  for (const [ending, replacement] of endings) {
    if (ending.test(word)) return word.replace(ending, replacement)
  }
  return `${word}s`
}
