/** A document that a scout has, as of tonight. */
export interface CollectedDocument {
  /** Its id within the company, such as `s10`. */
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly published?: string | undefined;
  readonly fetched: string;
  readonly text: string;
  readonly kind: string;
  /** Whether its text differs from the last night's. */
  readonly changed: boolean;
}

export interface FetchFailed {
  readonly url: string;
  readonly reason: string;
  /** Whether the source may have news that nobody saw. */
  readonly unread?: true | undefined;
}

/** What an agent answered, or why nobody knows. Throttled, too late and not paid for are never "nothing found". */
export type Answered<Output> =
  | { readonly state: 'answered'; readonly output: Output; readonly usd: number; readonly warnings: readonly string[] }
  | { readonly state: 'unchecked'; readonly reason: string; readonly usd: number };
