import { ServiceError } from '../services/service.ts';
import { LambdaFunction } from './function.ts';
import type { FunctionConfig } from './function.ts';
import type { FunctionHost } from './pool.ts';

/** A function that a reference names, and the ARN of the reference. */
export interface FunctionTarget {
  readonly function: LambdaFunction;
  /** Includes the version or alias of the reference. It is the handler's `invokedFunctionArn`. */
  readonly arn: string;
  readonly qualifier: string | undefined;
}

/** AWS stops idle environments within minutes, without documenting when. Five minutes is commonly observed. */
const IDLE_MS = 5 * 60_000;
const LOOK_EVERY_MS = 60_000;
/**
 * Where clouds share a machine, memory is scarcer than starts. Functions that run for moments each minute have no environment in
 * between. Keepers of homes, which run for 100 seconds each minute, still use each other's.
 */
const SHARED = { idleMs: 25_000, lookEveryMs: 5_000 };

/** All functions, by name. Versions and aliases are other names for the current code. */
export class Functions {
  readonly #host: FunctionHost;
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #qualifiers = new Map<string, Set<string>>();
  readonly #reclaiming: NodeJS.Timeout;

  constructor(host: FunctionHost) {
    this.#host = host;
    const { idleMs, lookEveryMs } = host.isShared ? SHARED : { idleMs: IDLE_MS, lookEveryMs: LOOK_EVERY_MS };
    this.#reclaiming = setInterval(() => {
      for (const fn of this.#functions.values()) fn.pool.reclaim(Date.now() - idleMs);
    }, lookEveryMs).unref();
  }

  add(config: FunctionConfig): LambdaFunction {
    const fn = new LambdaFunction(config, this.#host);
    this.#functions.set(config.functionName, fn);
    this.#qualifiers.set(config.functionName, new Set(['$LATEST']));
    return fn;
  }

  /** Adds a version or alias. */
  addQualifier(functionName: string, qualifier: string): void {
    this.find(functionName);
    this.#qualifiers.get(functionName)?.add(qualifier);
  }

  list(): readonly LambdaFunction[] {
    return [...this.#functions.values()];
  }

  /** The names of the functions that write to each log group. */
  logGroups(): ReadonlyMap<string, readonly string[]> {
    const byGroup = Map.groupBy(this.list(), ({ config }) => config.logGroup);
    return new Map([...byGroup].map(([group, fns]) => [group, fns.map(({ config }) => config.functionName)]));
  }

  /**
   * Finds a function by name, `name:qualifier`, partial ARN or ARN. Throws `ResourceNotFoundException` when the function,
   * version or alias does not exist.
   */
  find(reference: string, qualifier?: string): FunctionTarget {
    const match = /^(?:(?:arn:aws:lambda:[^:]+:)?\d+:function:|function:)?([\w-]+)(?::([\w$-]+))?$/.exec(reference);
    const [, name = '', embedded] = match ?? [];
    const wanted = embedded ?? qualifier;
    const fn = this.#functions.get(name);
    if (fn === undefined || (wanted !== undefined && this.#qualifiers.get(name)?.has(wanted) !== true)) {
      const suffix = wanted === undefined ? '' : `:${wanted}`;
      throw new ServiceError(
        'ResourceNotFoundException',
        `Function not found: ${fn?.config.arn ?? reference}${suffix}`,
        404,
      );
    }
    const arn = wanted === undefined || wanted === '$LATEST' ? fn.config.arn : `${fn.config.arn}:${wanted}`;
    return { function: fn, arn, qualifier: wanted };
  }

  /** Resolves when no event runs, or after `drainMs`. */
  async drained(drainMs: number): Promise<void> {
    await Promise.all(this.list().map((fn) => fn.drained(drainMs)));
  }

  /** Kills all environments at once, like a machine failure: those of all functions, or of the ones whose name is meant. */
  async crash(isMeant: (functionName: string) => boolean = () => true): Promise<void> {
    const meant = this.list().filter(({ config }) => isMeant(config.functionName));
    await Promise.all(meant.map((fn) => fn.pool.crash()));
  }

  async close(): Promise<void> {
    clearInterval(this.#reclaiming);
    await Promise.all(this.list().map((fn) => fn.close()));
  }
}
