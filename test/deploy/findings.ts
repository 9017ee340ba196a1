/** The outcome of one check. */
export interface Finding {
  readonly phase: string;
  readonly check: string;
  readonly outcome: 'ok' | 'failed' | 'not checked';
  /** What was found, or why it was not checked. */
  readonly detail: string;
}

export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** Collects the findings of a check and reports its progress. */
export class Findings {
  readonly findings: Finding[] = [];
  readonly phases: Phase[] = [];
  readonly #say: (line: string) => void;
  #phase = '';

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Runs a phase. Findings during that time belong to it. */
  async phase<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const start = performance.now();
    this.#phase = name;
    this.#say(`${name} …`);
    const result = await work();
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    this.phases.push({ name, seconds });
    this.#say(`${name}: ${seconds} s`);
    return result;
  }

  expect(check: string, holds: boolean, detail: string): void {
    this.#add({ phase: this.#phase, check, outcome: holds ? 'ok' : 'failed', detail });
  }

  notChecked(check: string, detail: string): void {
    this.#add({ phase: this.#phase, check, outcome: 'not checked', detail });
  }

  get failed(): readonly Finding[] {
    return this.findings.filter(({ outcome }) => outcome === 'failed');
  }

  #add(finding: Finding): void {
    this.findings.push(finding);
    if (finding.outcome === 'failed') this.#say(`FAILED ${finding.check}: ${finding.detail}`);
  }
}

/** Formats the findings and the time of each phase for a terminal. */
export function table({ findings, phases }: Pick<Findings, 'findings' | 'phases'>): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const rows = phases.flatMap(({ name, seconds }) => [
    `${name} (${seconds.toFixed(1)} s)`,
    ...findings
      .filter(({ phase }) => phase === name)
      .map(({ outcome, check, detail }) => `  ${outcome.padEnd(11)}  ${check.padEnd(width)}  ${detail}`),
  ]);
  const count = (outcome: Finding['outcome']) => findings.filter((finding) => finding.outcome === outcome).length;
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    ...rows,
    '',
    `${count('ok')} passed, ${count('failed')} failed, ${count('not checked')} not checked; ${Math.round(total)} s.`,
  ].join('\n');
}
