import { irregular, uncountable } from './plural.ts'

/** Plurals that `plural` does not make, but that people type. */
const otherPlurals: Readonly<Record<string, string>> = {
  addenda: 'addendum',
  antennae: 'antenna',
  axes: 'axis',
  buffaloes: 'buffalo',
  embargoes: 'embargo',
  foci: 'focus',
  formulae: 'formula',
  fungi: 'fungus',
  indices: 'index',
  mangoes: 'mango',
  memoranda: 'memorandum',
  mosquitoes: 'mosquito',
  radii: 'radius',
  referenda: 'referendum',
  schemata: 'schema',
  stadia: 'stadium',
  syllabi: 'syllabus',
  tornadoes: 'tornado',
  volcanoes: 'volcano',
}

const byPlural = new Map([
  ...Object.entries(otherPlurals),
  ...Object.entries(irregular).map(([one, many]) => [many, one] as const),
])

/** Words that end like a plural and are none, beside those in `-ss`, `-is` and `-us`. */
const singulars = new Set(
  (
    'abdomen acumen albatros alias always apropos asbestos atlas aws bias canvas chaos christmas cms ' +
    'cos cosmos css culmen dais dns eros ethos examen flamen gas gps has https hymen ios js kansas ' +
    'kudos lens lumen macos mms mos omen os paas pampas pancreas pathos pos ramen regimen rhinoceros ' +
    'rss saas semen sms specimen stamen texas thermos tls topos vegas was xss yes'
  ).split(' '),
)

/** Singulars in `-u`, `-i`, `-ie`, `-che` and `-use`, whose plurals look like those of others. */
const plain = new Set(
  (
    'cpu cru emu flu gnu gpu guru haiku menu npu sku submenu tofu tpu tutu vpu ' +
    'ai alibi api bikini cli emoji gui kiwi kpi poi rabbi roi safari ski taxi tsunami ui uri wiki ' +
    'birdie bookie brownie budgie calorie collie cookie eerie freebie genie goalie hoodie hippie ' +
    'indie lie magpie movie newbie pie pixie prairie rookie selfie smoothie sortie tie vie zombie ' +
    'avalanche brioche cache cliche creche moustache niche psyche quiche ' +
    'abuse disuse excuse fuse misuse muse recluse refuse reuse ruse use'
  ).split(' '),
)

/** The plurals of words in `-sis`; every other `-ses` follows `-se` or `-s`. */
const ofSis =
  /(ly|cri|gno|hypothe|synthe|parenthe|prosthe|anti?the|^the|empha|oa|neuro|psycho|gene|neme|synop|morpho|mito)ses$/

/** Endings, first match wins. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/people$/, 'person'],
  [/(?<=grand)children$/, 'child'],
  [/(?<=[a-z]{2})men$/, 'man'],
  [/(kni|^li|afterli|nightli|wi)ves$/, '$1fe'],
  [/(lea|loa|shel|thie|wol)ves$/, '$1f'],
  [/(?<=[^aeiou]|qu)ies$/, 'y'],
  [ofSis, '$1sis'],
  [/(?<!^|[eo])aches$/, 'ache'],
  [/([^aeo]us|iris|pelvis|ss|x|zz|tz|ch|sh)es$/, '$1'],
  [/(ss|is|us)$/, '$1'],
  [/s$/, ''],
]

/**
 * The singular of one lower-case English word. A word that is singular (`status`, `lens`) or has no
 * singular (`news`) stays as it is.
 */
export function singular(word: string): string {
  if (uncountable.has(word) || singulars.has(word) || Object.hasOwn(irregular, word)) return word
  const special = byPlural.get(word)
  if (special !== undefined) return special
  // `us` and `as` are no plurals, and a letter is a name.
  if (word.length < 3) return word
  const withoutS = word.replace(/s$/, '')
  if (withoutS !== word && plain.has(withoutS)) return withoutS
  const withoutEs = word.replace(/es$/, '')
  if (withoutEs !== word && singulars.has(withoutEs)) return withoutEs
  for (const [ending, replacement] of endings) {
    if (ending.test(word)) return word.replace(ending, replacement)
  }
  return word
}
