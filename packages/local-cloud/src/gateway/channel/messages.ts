/** HTTP headers with lower-case names. */
export type Headers = Readonly<Record<string, string>>;

/** A body, or a part of one. Text is UTF-8. */
export type Bytes = string | Uint8Array<ArrayBuffer>;

/** Messages of an environment, which come in lists. `id` numbers the calls of one channel. */
export type FromEnvironment =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly method: string;
      /** With the query. */
      readonly path: string;
      readonly headers: Headers;
      readonly body: Bytes;
    }
  /** The latest chunk was read. The gateway sends the next one. */
  | { readonly type: 'read'; readonly id: number }
  /** The caller no longer waits. */
  | { readonly type: 'abort'; readonly id: number };

/** Messages of the gateway, which come in lists. */
export type FromGateway =
  /** A whole response, or with `more` its head. */
  | {
      readonly type: 'response';
      readonly id: number;
      readonly status: number;
      readonly headers: Headers;
      readonly body: Bytes;
      readonly more: boolean;
    }
  | { readonly type: 'chunk'; readonly id: number; readonly bytes: Bytes }
  | { readonly type: 'end'; readonly id: number }
  /** The response broke off. */
  | { readonly type: 'abort'; readonly id: number };
