/** One call of AWS. */
export interface Call {
  /** Who makes it: `api`, `turn 1` of a worker, or `queue 1`, which deletes that turn's message. */
  readonly by: string;
  readonly service: string;
  readonly operation: string;
  /** What it is about, such as `task`. */
  readonly what: string;
  /**
   * Calls of a round are under way at once. The next round begins when all of them are answered and their maker has
   * nothing left to do without their answers.
   */
  readonly round: number;
  readonly input: unknown;
}

interface Watched {
  readonly middlewareStack: { add(middleware: never, options: { readonly step: 'initialize' }): void };
}

interface Watch {
  readonly service: string;
  /** What a call is about. */
  readonly what: (input: never) => string;
  /** The service's answer. @default the service's own */
  readonly answer?: (operation: string) => object;
}

/** Records the calls that clients make, and holds each of them until its maker can do nothing without an answer. */
export class CallLog {
  readonly calls: Call[] = [];
  #by: string | null = null;
  #round = 0;
  #inFlight = 0;
  #held: (() => void)[] = [];

  /** Records the calls of a client. */
  watch(client: unknown, { service, what, answer }: Watch): void {
    const { middlewareStack } = client as Watched;
    middlewareStack.add(
      ((next: (args: { input: never }) => Promise<unknown>, { commandName = '' }: { commandName?: string }) =>
        async (args: { input: never }) => {
          const operation = commandName.replace(/Command$/, '');
          const call = () => (answer ? Promise.resolve({ output: answer(operation), response: {} }) : next(args));
          if (this.#by === null) return call();
          const by = this.#by;
          await this.#turn();
          this.calls.push({ by, service, operation, what: what(args.input), round: this.#round, input: args.input });
          try {
            return await call();
          } finally {
            this.#inFlight -= 1;
            this.#look();
          }
        }) as never,
      { step: 'initialize' },
    );
  }

  /** Records the calls of `work` as made by `by`. */
  async during<Result>(by: string, work: () => Promise<Result>): Promise<Result> {
    this.#by = by;
    this.#round = 0;
    try {
      return await work();
    } finally {
      this.#by = null;
    }
  }

  #turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.push(resolve);
    this.#look();
    return promise;
  }

  /** Lets the held calls go, once nothing else happens without them. */
  #look(quiet = 0, held = this.#held.length): void {
    if (this.#inFlight > 0 || this.#held.length === 0) return;
    if (quiet < TURNS_OF_LOOP) {
      setImmediate(() => held === this.#held.length && this.#look(quiet + 1, held));
      return;
    }
    const all = this.#held;
    this.#held = [];
    this.#round += 1;
    this.#inFlight = all.length;
    for (const go of all) go();
  }
}

/** Work without I/O takes place within a turn of the event loop. */
const TURNS_OF_LOOP = 5;
