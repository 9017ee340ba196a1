/** What a bench may do to a fleet. */
export interface Breakable {
  crashWorkers(): Promise<void>;
  /** Null: the model is the real one. */
  readonly claude: { setFaults(faults: { rates?: { '429': number }; retryAfterSeconds?: number }): void } | null;
}

/** All workers are killed when these shares of the day are sent. */
const KILLS = [0.15, 0.6];
/** From here on the model refuses every call, for a fifteenth of the day. */
const REFUSES_FROM = 0.3;
const REFUSES_TO = REFUSES_FROM + 1 / 15;

/** Breaks a fleet as a day is sent. Each break happens once. */
export class Breaks {
  readonly #fleet: Breakable;
  #kills = 0;
  #model: 'answers' | 'refuses' | 'answers again' = 'answers';

  constructor(fleet: Breakable) {
    this.#fleet = fleet;
  }

  get kills(): number {
    return this.#kills;
  }

  /** @param share of the day that was sent, 0 to 1 */
  async sent(share: number): Promise<void> {
    if (this.#model === 'answers' && share >= REFUSES_FROM) this.#refuse();
    if (this.#model === 'refuses' && share >= REFUSES_TO) this.#mend();
    if (share < (KILLS[this.#kills] ?? Infinity)) return;
    this.#kills += 1;
    await this.#fleet.crashWorkers();
  }

  #mend(): void {
    this.#model = 'answers again';
    this.#fleet.claude?.setFaults({});
  }

  #refuse(): void {
    this.#model = 'refuses';
    this.#fleet.claude?.setFaults({ rates: { '429': 1 }, retryAfterSeconds: 2 });
  }
}
