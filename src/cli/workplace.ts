import type { Command } from 'commander'
import { findUnfinished, recover } from '../changes/recovery.ts'
import { RefusedError } from '../errors.ts'
import type { Io } from '../model/io.ts'
import type { Project, Service } from '../model/project.ts'
import { openProject, openService } from '../project/project.ts'
import { findRoot } from '../project/root.ts'
import { openSession, type Session } from './session.ts'

interface Entered<P extends Project> {
  readonly session: Session
  readonly project: P
}

/** Opens a session in a project, after recovering from an interrupted command. */
export function enterProject(command: Command, io: Io): Promise<Entered<Project>> {
  return enter(command, io, openProject)
}

/** The same in a project that this program made. */
export function enterService(command: Command, io: Io): Promise<Entered<Service>> {
  return enter(command, io, openService)
}

async function enter<P extends Project>(
  command: Command,
  io: Io,
  open: (folder: string) => Promise<P>,
): Promise<Entered<P>> {
  const session = openSession(command, io)
  await recoverInterrupted(findRoot(session.cwd) ?? session.cwd, session)
  return { session, project: await open(session.cwd) }
}

/** Finishes or reverts an interrupted command; a command that writes nothing reports it instead. */
export async function recoverInterrupted(
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
