const stackOf = (text: string) =>
  `Error: cannot handle ${text}\n    at run (/app/src/jobs/run.ts:10:5)\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`

/** Places in which a text is found in logs. Each keeps whatever surrounds the text as it is. */
export const places: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  sentence: (text) => `We could not reach ${text} before noon.`,
  end: (text) => `Could not reach ${text}`,
  parentheses: (text) => `gave up (${text}) and went on`,
  quotes: (text) => `the value '${text}' was refused`,
  brackets: (text) => `<${text}> [${text}]`,
  lines: (text) => `first\n${text}\nlast`,
  list: (text) => `a, ${text}, b; ${text}; c`,
  json: (text) => JSON.stringify({ id: 7, note: text, list: [text] }),
  prettyJson: (text) => JSON.stringify({ note: text, n: { m: 1.5 } }, null, 2),
  jsonInJson: (text) => JSON.stringify({ body: JSON.stringify({ note: text, ok: true }), n: 1 }),
  jsonThreeDeep: (text) => JSON.stringify([JSON.stringify([JSON.stringify({ note: text })])]),
  jsonInSentence: (text) => `got ${JSON.stringify({ note: text })} from upstream`,
  query: (text) => `/v1/things?note=${encodeURIComponent(text)}&page=2`,
  path: (text) => `https://api.example.com/v1/things/${encodeURIComponent(text)}/parts`,
  form: (text) => `a=1&note=${encodeURIComponent(text).replaceAll('%20', '+')}&b=2`,
  urlInUrl: (text) =>
    `/go?to=${encodeURIComponent(`https://x.example/?note=${encodeURIComponent(text)}`)}`,
  jsonInUrl: (text) => `/find?filter=${encodeURIComponent(JSON.stringify({ note: text }))}`,
  stack: stackOf,
  stackInJson: (text) => JSON.stringify({ err: { type: 'Error', stack: stackOf(text) } }),
}
