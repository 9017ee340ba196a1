import { ServiceError } from '../services/service.ts';
import { LambdaFunction } from './function.ts';
import type { FunctionConfig } from './function.ts';
import type { FunctionHost } from './pool.ts';

/** A function reached by some name, and the ARN by which it was reached. */
export interface FunctionTarget {
  readonly function: LambdaFunction;
  /** With the version or alias, if one was named: the handler's `invokedFunctionArn`. */
  readonly arn: string;
  readonly qualifier: string | undefined;
}

/** AWS reclaims idle environments within minutes and promises nothing; five minutes is a usual observation. */
const IDLE_MS = 5 * 60_000;

/** All functions, by name. Versions and aliases are other names for the one code that is there. */
export class Functions {
  readonly #host: FunctionHost;
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #qualifiers = new Map<string, Set<string>>();
  readonly #reclaiming: NodeJS.Timeout;

  constructor(host: FunctionHost) {
    this.#host = host;
    this.#reclaiming = setInterval(() => {
      for (const fn of this.#functions.values()) fn.pool.reclaim(Date.now() - IDLE_MS);
    }, 60_000).unref();
  }

  add(config: FunctionConfig): LambdaFunction {
    const fn = new LambdaFunction(config, this.#host);
    this.#functions.set(config.functionName, fn);
    this.#qualifiers.set(config.functionName, new Set(['$LATEST']));
    return fn;
  }

  /** Makes a version or alias known. */
  addQualifier(functionName: string, qualifier: string): void {
    this.find(functionName);
    this.#qualifiers.get(functionName)?.add(qualifier);
  }

  list(): readonly LambdaFunction[] {
    return [...this.#functions.values()];
  }

  /** Each log group with the names of the functions that write to it. */
  logGroups(): ReadonlyMap<string, readonly string[]> {
    const byGroup = Map.groupBy(this.list(), ({ config }) => config.logGroup);
    return new Map([...byGroup].map(([group, fns]) => [group, fns.map(({ config }) => config.functionName)]));
  }

  /**
   * Finds a function by name, `name:qualifier`, partial ARN or ARN. Throws `ResourceNotFoundException` for a function,
   * version or alias that is not there.
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

  /** Resolves once no event runs, or after `drainMs`. */
  async drained(drainMs: number): Promise<void> {
    await Promise.all(this.list().map((fn) => fn.drained(drainMs)));
  }

  /** Ends all environments of all functions at once, as a machine that dies would. */
  async crash(): Promise<void> {
    await Promise.all(this.list().map((fn) => fn.pool.crash()));
  }

  async close(): Promise<void> {
    clearInterval(this.#reclaiming);
    await Promise.all(this.list().map((fn) => fn.close()));
  }
}
