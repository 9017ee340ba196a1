/** The parts of dynalite 4 that the host drives in-process; dynalite itself has no typings. */
declare module 'dynalite/db/index.js' {
  /** Which keys a stream yields; with `reverse`, the last one first. A `limit` of -1 is none. */
  export interface Range {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly reverse?: boolean;
    readonly limit?: number;
  }
  type Done = (error: Error | null) => void;
  /** What dynalite's tables and indexes lie in, all under keys that begin with their name. */
  export interface KeyValueStore {
    /** A missing key has the value undefined. */
    get(key: string, done: (error: Error | null, value?: unknown) => void): void;
    put(key: string, value: unknown, done: Done): void;
    del(key: string, done: Done): void;
    batch(
      operations: readonly { readonly type: 'put' | 'del'; readonly key: string; readonly value?: unknown }[],
      done: Done,
    ): void;
    createKeyStream(range?: Range): NodeJS.ReadableStream;
    createValueStream(range?: Range): NodeJS.ReadableStream;
  }
  export interface DynaliteStore {
    readonly tableDb: { awsAccountId: string; awsRegion: string };
    readonly db: KeyValueStore;
  }
  /** Opens a database in memory. */
  export function create(options: {
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): DynaliteStore;
}

declare module 'dynalite/validations/index.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';
  /** Drops what `types` does not know, converts the rest; throws an error with `statusCode` and `body`. */
  export function checkTypes(data: object, types: object): object;
  /** Throws likewise. */
  export function checkValidations(data: object, types: object, custom: unknown, store: DynaliteStore): void;
}
