import type { Command } from 'commander'
import { findUnfinished, recover } from '../changes/recovery.ts'
import { RefusedError } from '../errors.ts'
import type { Io } from '../model/io.ts'
import type { Project, Service } from '../model/project.ts'
import { openProject, openService } from '../project/project.ts'
import { findRoot } from '../project/root.ts'
import { openSession, type Session } from './session.ts'

/** Opens a session in a project, after what a killed command has left there is put in order. */
export async function enterProject(
  command: Command,
  io: Io,
): Promise<{ readonly session: Session; readonly project: Project }> {
  const session = openSession(command, io)
  await putInOrder(findRoot(session.cwd) ?? session.cwd, session)
  return { session, project: await openProject(session.cwd) }
}

/** The same in a project that this program made. */
export async function enterService(
  command: Command,
  io: Io,
): Promise<{ readonly session: Session; readonly project: Service }> {
  const session = openSession(command, io)
  await putInOrder(findRoot(session.cwd) ?? session.cwd, session)
  return { session, project: await openService(session.cwd) }
}

/** Finishes or takes back what a killed command began; a command that only looks says that it is there. */
export async function putInOrder(
  root: string,
  { settings, view }: Pick<Session, 'settings' | 'view'>,
): Promise<void> {
  if (settings.until === 'end') {
    const done = await recover(root)
    if (done !== undefined) view.progress(done)
    return
  }
  const unfinished = await findUnfinished(root)
  if (unfinished !== undefined) throw new RefusedError([unfinished])
}
