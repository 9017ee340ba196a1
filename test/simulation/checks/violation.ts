/** An invariant does not hold: the code under test broke its promise. */
export class Violation extends Error {
  /** The check's number, such as `I2.3`. */
  readonly check: string;

  constructor(check: string, what: string) {
    super(what);
    this.name = 'Violation';
    this.check = check;
  }
}

/** Says that a check holds; throws a `Violation` otherwise. */
export function expectThat(holds: boolean, check: string, what: () => string): asserts holds {
  if (!holds) throw new Violation(check, what());
}
