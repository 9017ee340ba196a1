/** What a night of the simulated web really had, as far as a brief is measured by it. */
export interface Truth {
  readonly company: string;
  readonly kind: string;
  /** The URLs that tell it. */
  readonly urls: readonly string[];
}

/** How well briefs agree with the truth of the simulated web. */
export interface Quality {
  readonly precision: number;
  readonly recall: number;
  /** Claims that tell what another claim tells. */
  readonly duplicates: number;
  /** Claims whose words were planted to steer the reader. */
  readonly injected: number;
}
