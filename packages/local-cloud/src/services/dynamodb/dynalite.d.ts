/** The parts of dynalite 4 that the engine uses in-process. dynalite has no types of its own. */
declare module 'dynalite/db/index.js' {
  /** The keys that a stream yields. With `reverse`, the last one comes first. A `limit` of -1 means no limit. */
  export interface Range {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly reverse?: boolean;
    readonly limit?: number;
  }
  type Done = (error: Error | null) => void;
  /** The storage of dynalite's tables and indexes. Each key starts with the name of its table or index. */
  export interface KeyValueStore {
    /** Passes undefined as the value of a missing key. */
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
  /** Passes an error of dynalite, or nothing. */
  type Ended = (error?: unknown) => void;
  /** The items of one table. Their keys do not start with its name. */
  export interface ItemStore {
    get(key: string, done: (error: Error | null, value?: object) => void): void;
    put(key: string, value: object, done: Ended): void;
    del(key: string, done: Ended): void;
    /** Calls `locked` once no other action has the key. What `release` returns gives it back. */
    lock(key: string, locked: (release: (done: Ended) => Ended) => void): void;
  }
  export type GotTable = (error: unknown, definition: object) => void;
  export interface DynaliteStore {
    readonly tableDb: { awsAccountId: string; awsRegion: string };
    readonly db: KeyValueStore;
    getItemDb(table: string): ItemStore;
    /** Actions on tables, which may change what they get, give `false` before `done`. */
    getTable(table: string, ...given: readonly [GotTable] | readonly [false, GotTable]): void;
  }
  /** Writes the index entries of an item that replaces another one. */
  export function updateIndexes(
    store: DynaliteStore,
    definition: object,
    existing: object | undefined,
    item: object | undefined,
    done: Ended,
  ): void;
  /** Opens a database in memory. */
  export function create(options: {
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): DynaliteStore;
}

declare module 'dynalite/validations/index.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';
  /** Removes fields that are not in `types` and converts the rest. Throws an error with `statusCode` and `body`. */
  export function checkTypes(data: object, types: object): object;
  /** Throws an error with `statusCode` and `body`. */
  export function checkValidations(data: object, types: object, custom: unknown, store: DynaliteStore): void;
}

declare module 'dynalite/db/conditionParser.js' {
  /** What a parser reads beside the expression. It deletes from the unused names and values what it finds. */
  export interface ParserContext {
    readonly attrNames?: Readonly<Record<string, unknown>>;
    readonly attrVals?: Readonly<Record<string, unknown>>;
    readonly unusedAttrNames: Record<string, boolean>;
    readonly unusedAttrVals: Record<string, boolean>;
    readonly isReserved: (name: string) => boolean;
    readonly compare: (operator: string, left: unknown, right: unknown) => boolean;
  }
  /** A parser of expressions. dynalite calls `parse` as its method. */
  export interface Parser {
    /** Returns a tree that contains the values themselves, or the text of an error. Throws for invalid syntax. */
    parse(expression: string, options: { readonly context: ParserContext }): unknown;
  }
}
