import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { UserError } from '#cli/user-error.ts';
import { saidSchema, type Opened, type Order, type Said, type Started, type State } from './protocol.ts';

const MODULE = join(import.meta.dirname, 'simulated-github.process.ts');

/** The simulated GitHub, which runs in a process of its own. */
export class GithubProcess {
  readonly started: Started;
  readonly #child: ChildProcess;
  readonly #heard: Hearing;

  private constructor(child: ChildProcess, heard: Hearing, started: Started) {
    this.#child = child;
    this.#heard = heard;
    this.started = started;
  }

  /** @param folder where its repositories are kept */
  static async start(folder: string): Promise<GithubProcess> {
    const child = fork(MODULE, [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const heard = new Hearing(child);
    return new GithubProcess(child, heard, await heard.first('started'));
  }

  /** Opens the pull request. */
  async open(order: Order): Promise<Opened> {
    this.#child.send(order);
    return this.#heard.first('opened');
  }

  /** What it said last. Throws a `UserError` when it has ended. */
  state(): State | undefined {
    return this.#heard.state();
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

/** What the process has said, by kind. */
class Hearing {
  readonly #said = new Map<Said['kind'], Said>();
  readonly #child: ChildProcess;
  #failure: UserError | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message) => {
      const said = saidSchema.parse(message);
      this.#said.set(said.kind, said);
      if (said.kind === 'failed') this.#failure = ended(said.message);
      child.emit('heard');
    });
    child.once('exit', () => {
      this.#failure ??= ended('Its process has ended.');
      child.emit('heard');
    });
  }

  async first<Kind extends Said['kind']>(kind: Kind): Promise<Extract<Said, { kind: Kind }>> {
    for (;;) {
      const said = this.#said.get(kind);
      if (said !== undefined) return said as Extract<Said, { kind: Kind }>;
      if (this.#failure !== undefined) throw this.#failure;
      await once(this.#child, 'heard');
    }
  }

  state(): State | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#said.get('state') as State | undefined;
  }
}

const ended = (why: string): UserError =>
  new UserError(`The simulated GitHub failed. ${why}`, 'Run the command again.');
