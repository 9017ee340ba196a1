/** An error that the user can fix: printed as a sentence and a remedy, never as a stack trace. */
export class UserError extends Error {
  /** What to do next. */
  readonly remedy: string;
  /** 2 for wrong usage, 3 if a review or a judgement was not done, 1 for everything else. */
  readonly exitCode: 1 | 2 | 3;

  constructor(message: string, remedy: string, exitCode: 1 | 2 | 3 = 1) {
    super(message);
    this.name = 'UserError';
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}

/** The user pressed Ctrl-C. */
export class Interrupted extends UserError {}

/** Wrong usage: exit code 2. */
export const wrongUsage = (message: string, remedy: string): UserError => new UserError(message, remedy, 2);
