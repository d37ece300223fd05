/** A terminal signals all its processes at the same time, but they do not run at the same time. */
const echoMs = 300

/** For how many seconds a process whose parent was killed before it ran looks whether that is gone. */
const looks = 10

/**
 * What runs in the server before its own code. It tells where the server listens, as only the server
 * knows, and sees to it that the server hears of one stop once, however many ways tell it: a second
 * signal would end it at once. One that drains for a reload overlooks the first Ctrl-C therefore.
 * Servers know no SIGHUP, or read their settings anew for it: here it is a stop like the others.
 * A server whose parent was killed drains and ends, as it would otherwise hold the port for ever; at
 * once where that was before any of this ran, or within seconds: a killed process keeps its number
 * until its own parent has asked how it ended. What the server starts itself has another parent.
 * Which files it runs V8 knows from what it counts anyway; asking takes some 20 ms.
 */
const serverBootstrap = (parent: number) => `import { subscribe } from 'node:diagnostics_channel';
const look = () => {
  try {
    process.kill(${parent}, 0);
  } catch ({ code }) {
    if (code === 'ESRCH') process.kill(process.pid, 'SIGKILL');
  }
};
if (process.ppid !== ${parent}) {
  look();
  const looking = setInterval(look, 1_000).unref();
  setTimeout(() => clearInterval(looking), ${looks} * 1_000).unref();
}
if (process.channel && process.ppid === ${parent}) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let isAsked = false;
  const heard = (signal) => {
    if (process.listenerCount(signal) === 0) ask(signal);
    else if (signal !== 'SIGHUP') isAsked = true;
  };
  const arm = () => signals.forEach((signal) => process.once(signal, heard));
  const disarm = () => signals.forEach((signal) => process.off(signal, heard));
  const ask = (signal) => {
    if (isAsked) return;
    isAsked = true;
    disarm();
    const known = signal === 'SIGHUP' ? 'SIGTERM' : signal;
    if (process.emit(known, known)) arm();
    else process.kill(process.pid, signal);
  };
  arm();
  process.on('disconnect', () => ask('SIGTERM'));
  process.on('message', (message) => {
    if (message === 'drain') ask('SIGTERM');
    if (message === 'loaded') tellLoaded().catch(() => tell({ loaded: [] }));
    if (!signals.includes(message?.stop)) return;
    ask(message.stop);
    setTimeout(disarm, ${echoMs}).unref();
  });
  process.channel.unref();
  const tell = (message) => process.connected && process.send(message, () => {});
  const tellLoaded = async () => {
    const { Session } = await import('node:inspector');
    const session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.getBestEffortCoverage', (error, answer) =>
      tell({ loaded: error ? [] : answer.result.map(({ url }) => url) }),
    );
    session.post('Profiler.disable');
    session.disconnect();
  };
  subscribe('tracing:net.server.listen:asyncEnd', ({ server }) => {
    const { address: host, port } = server.address() ?? {};
    if (port) tell({ listening: { host, port } });
  });
  subscribe('tracing:net.server.listen:error', ({ error: { code, address: host, port } }) => {
    if (code === 'EADDRINUSE' && port) tell({ refused: { host, port } });
  });
}`

/**
 * Loads packages as a file at that place would, and holds the process before its own code until it
 * is told to go on, or to end as the bootstrap does. What fails fails again when it is really imported.
 */
const hold = (parent: number, { file, packages }: Held) => `
import { Module } from 'node:module';
if (process.channel && process.ppid === ${parent}) {
  process.channel.ref();
  const told = new Promise((go) => {
    process.on('message', function hear(message) {
      if (message === 'go') process.off('message', hear), go();
    });
  });
  try {
    const place = Object.assign(new Module(${JSON.stringify(file)}), { filename: ${JSON.stringify(file)} });
    place._compile('module.exports = (name) => import(name)', place.filename);
    for (const name of ${JSON.stringify(packages)}) place.exports(name).catch(() => {});
  } catch {}
  await told;
  process.channel.unref();
}`

/** A process that waits, with packages loaded. */
export interface Held {
  /** An absolute path; nothing needs to be there. */
  readonly file: string
  readonly packages: readonly string[]
}

/** What Node.js is told to import first, in a process that this one starts. */
export function preloadOf(held?: Held): string {
  const parent = process.pid
  const more = held === undefined ? '' : hold(parent, held)
  return `data:text/javascript,${encodeURIComponent(serverBootstrap(parent) + more)}`
}
