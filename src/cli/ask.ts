import { exitCodes, UserError } from '../errors.ts'
import type { OptionDefinition, Question } from '../options/option.ts'

/** A person pressed Ctrl-C at a question. */
function cancelled(): UserError {
  return new UserError({
    code: 'CANCELLED',
    message: 'Cancelled. Nothing was written.',
    exitCode: exitCodes.cancelled,
  })
}

/** Asks for the options that have a question and no value yet; gives the answers by key. */
export async function ask<K extends string>(
  definitions: readonly OptionDefinition<K>[],
  isKnown: (key: K) => boolean,
): Promise<Partial<Record<K, unknown>>> {
  const answers: Partial<Record<K, unknown>> = {}
  for (const { key, question } of definitions) {
    if (question !== undefined && !isKnown(key)) answers[key] = await answerTo(question)
  }
  return answers
}

/** Asks one question on the terminal. */
export async function answerTo(question: Question): Promise<unknown> {
  const prompts = await import('@clack/prompts')
  const answer = await put(question, prompts)
  if (prompts.isCancel(answer)) throw cancelled()
  return answer
}

type Prompts = typeof import('@clack/prompts')

function put(question: Question, prompts: Prompts): Promise<unknown> {
  const { message } = question
  switch (question.kind) {
    case 'text':
      return prompts.text({ message, initialValue: question.initial })
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
        required: false,
      })
  }
}
