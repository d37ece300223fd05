const irregular: Readonly<Record<string, string>> = {
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

const uncountable = new Set(
  (
    'advice aircraft audio bison chassis cod content data deer equipment evidence feedback firmware ' +
    'fish furniture hardware headquarters homework information jewelry knowledge luggage machinery ' +
    'media metadata middleware money moose music news offspring police research rice salmon series ' +
    'sheep shrimp software species staff swine traffic trout tuna weather wildlife'
  ).split(' '),
)

const plurals = new Set(Object.values(irregular))

/** Endings, first match wins. `-men` words (`German`) and `-man` words (`craftsman`) differ. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/person$/, 'people'],
  [/(german|human|roman|ottoman|shaman|talisman)$/, '$1s'],
  [/(?<=[a-z]{2})man$/, 'men'],
  [/(?<=grand)child$/, 'children'],
  [/([^aeiou]|qu)y$/, '$1ies'],
  [/(analy|ba|cri|diagno|hypothe|empha|the|synthe|parally|parenthe|oa|neuro)sis$/, '$1ses'],
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
