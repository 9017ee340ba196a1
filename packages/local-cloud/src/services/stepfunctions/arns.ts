import { invalidName } from './errors.ts';

/** Builds the ARNs of one account and region. */
export class Arns {
  readonly #prefix: string;

  constructor(region: string, account: string) {
    this.#prefix = `arn:aws:states:${region}:${account}`;
  }

  stateMachine(name: string): string {
    return `${this.#prefix}:stateMachine:${name}`;
  }

  /** `machine` is the name of a state machine, or `Machine/Label` for the children of its Distributed Map. */
  execution(machine: string, name: string): string {
    return `${this.#prefix}:execution:${machine}:${name}`;
  }

  mapRun(machine: string, label: string, id: string): string {
    return `${this.#prefix}:mapRun:${machine}/${label}:${id}`;
  }
}

/** White space, brackets, wildcards, AWS's list of special characters, and control characters. */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** Checks the name of a state machine or execution: 1–80 characters, without those that AWS forbids. */
export function checkName(name: string): string {
  if (name.length < 1 || name.length > 80 || FORBIDDEN.test(name)) throw invalidName(name);
  return name;
}

/** Returns the last part of an ARN. */
export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
