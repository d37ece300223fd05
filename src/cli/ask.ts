import { exitCodes, UserError } from '../errors.ts'
import type { OptionDefinition, Question } from '../options/option.ts'

/** Asks one question and gives its answer. */
export type Ask = (question: Question) => Promise<unknown>

/** Ctrl-C or Escape at a question. */
function cancelled(): UserError {
  return new UserError({
    code: 'CANCELLED',
    message: 'Cancelled. Nothing was written.',
    exitCode: exitCodes.cancelled,
  })
}

/** Asks for the options that have a question and no value yet; gives the answers by key. */
export async function askAll<K extends string>(
  definitions: readonly OptionDefinition<K>[],
  isKnown: (key: K, answers: Partial<Record<K, unknown>>) => boolean,
): Promise<Partial<Record<K, unknown>>> {
  const answers: Partial<Record<K, unknown>> = {}
  for (const { key, question } of definitions) {
    if (question !== undefined && !isKnown(key, answers)) answers[key] = await answerTo(question)
  }
  return answers
}

/**
 * Asks one question on the terminal, again until its answer has no fault.
 * @throws a UserError with exit code 130 if it is cancelled
 */
export async function answerTo(question: Question): Promise<unknown> {
  const prompts = await import('@clack/prompts')
  const answer = await put(question, prompts)
  if (prompts.isCancel(answer)) throw cancelled()
  if (question.kind === 'text') return filledIn(question, answer)
  if (question.kind !== 'multiselect') return answer
  for (const note of question.notes?.(answer as string[]) ?? []) prompts.log.info(note)
  return answer
}

type Prompts = typeof import('@clack/prompts')
type Text = Extract<Question, { kind: 'text' }>

function put(question: Question, prompts: Prompts): Promise<unknown> {
  const { message } = question
  switch (question.kind) {
    case 'text':
      return prompts.text({
        message,
        placeholder: question.placeholder,
        defaultValue: question.fallback ?? '',
        validate: (answer) => indented(question.fault?.(filledIn(question, answer))),
      })
    case 'confirm':
      return prompts.confirm({ message, initialValue: question.initial })
    case 'select':
      return prompts.select({
        message,
        options: [...question.choices],
        initialValue: question.initial,
      })
    case 'multiselect':
      return prompts.multiselect({
        message,
        options: [...question.choices],
        initialValues: [...question.initial],
        required: question.isRequired ?? false,
      })
  }
}

function filledIn({ fallback = '' }: Text, answer: unknown): string {
  return String(answer ?? '').trim() || fallback
}

/** Aligns further lines with the first, which follows a mark. */
function indented(message: string | undefined): string | undefined {
  return message?.replaceAll('\n', '\n   ')
}
