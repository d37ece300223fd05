import { type Answers, packageManagers } from '../model/project.ts'
import type { TemplateData } from '../model/step.ts'
import { runWords } from '../project/package-manager.ts'

/** What the templates of the base and of the features may refer to. */
export function templateData(answers: Answers): TemplateData {
  return {
    ...answers,
    run: runWords(answers.packageManager),
    isc: answers.license === 'ISC',
    unlicensed: answers.license === 'UNLICENSED',
    ...Object.fromEntries(
      packageManagers.map((manager) => [manager, manager === answers.packageManager]),
    ),
  }
}
